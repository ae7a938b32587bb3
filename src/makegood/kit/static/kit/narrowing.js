// Until the answer to what was typed comes, a list is of fewer letters. What does not fit any more must not be what
// Enter takes: it goes at once, and the answer brings what the server finds besides.

export function narrow(list, words) {
  const wanted = words.trim().toLowerCase()
  for (const option of [...list.children]) {
    if (!option.textContent.toLowerCase().includes(wanted)) option.remove()
  }
  list.hidden = !list.children.length
}
