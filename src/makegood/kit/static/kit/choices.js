// What a list of choices beside a text field does, whatever it offers: `area` is the field, `list` its listbox.

// Until the answer to what was typed comes, the list is of fewer letters. What does not fit any more must not be what
// Enter takes: it goes at once, and the answer brings what the server finds besides.
export function narrow(area, list, words) {
  const wanted = words.trim().toLowerCase()
  for (const option of [...list.children]) {
    if (!option.textContent.toLowerCase().includes(wanted)) option.remove()
  }
  list.hidden = !list.children.length
  choose(area, list, list.firstElementChild)
}

export function choose(area, list, option) {
  for (const one of list.children) one.ariaSelected = String(one === option)
  area.setAttribute("aria-activedescendant", option?.id ?? "")
  option?.scrollIntoView({ block: "nearest" })
}

export function step(area, list, by) {
  const options = [...list.children]
  const next = options.findIndex((one) => one.ariaSelected === "true") + by + options.length
  choose(area, list, options[next % options.length])
}

export function part(kind, className, textContent) {
  return Object.assign(document.createElement(kind), { className, textContent })
}
