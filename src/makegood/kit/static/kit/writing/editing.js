// Markdown put into a text field as if it had been typed: Ctrl+Z takes it back.

export function insert(area, text, start = area.selectionStart, end = area.selectionEnd) {
  area.focus()
  area.setSelectionRange(start, end)
  if (document.execCommand(text ? "insertText" : "delete", false, text)) return
  area.setRangeText(text, start, end, "end")
  area.dispatchEvent(new Event("input", { bubbles: true }))
}

const marked = ({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd)

// Around the marked words, or taken off again; without any, the caret stands between the signs.
export function bracket(area, sign) {
  const { value, selectionStart: start, selectionEnd: end } = area
  const words = marked(area)
  const isInside = stands(value.slice(0, start), value.slice(end), sign)
  if (isInside) {
    insert(area, words, start - sign.length, end + sign.length)
    return area.setSelectionRange(start - sign.length, end - sign.length)
  }
  const [, before, core, after] = words.match(/^(\s*)([^]*?)(\s*)$/)
  insert(area, `${before}${sign}${core}${sign}${after}`)
  const begins = start + before.length + sign.length
  area.setSelectionRange(begins, begins + core.length)
}

// One star inside of two is not one star.
function stands(before, after, sign) {
  const stars = (text) => text.match(/^\**/)[0].length
  const [left, right] = [stars([...before].reverse().join("")), stars(after)]
  return sign === "**" ? left >= 2 && right >= 2 : left % 2 === 1 && right % 2 === 1
}

// The lines that are marked, each with the sign before it; or without, where all have it.
export function listed(area, sign) {
  const { value, selectionStart, selectionEnd } = area
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1
  const close = value.indexOf("\n", selectionEnd)
  const end = close < 0 ? value.length : close
  const lines = value.slice(start, end).split("\n")
  const areAll = lines.every((line) => line.startsWith(sign))
  const text = lines.map((line) => (areAll ? line.slice(sign.length) : `${sign}${line}`)).join("\n")
  insert(area, text, start, end)
  if (selectionStart !== selectionEnd) area.setSelectionRange(start, start + text.length)
}

export function link(area) {
  const words = marked(area)
  const start = area.selectionStart
  if (isAddress(words)) {
    insert(area, `[](${words})`)
    return area.setSelectionRange(start + 1, start + 1)
  }
  insert(area, `[${words}](https://)`)
  const place = words ? start + words.length + 3 : start + 1
  area.setSelectionRange(place, words ? place + "https://".length : place)
}

export const isAddress = (text) => /^(?:https?:\/\/|mailto:|tel:)[^\s<>]+$/i.test(text.trim())

// Enter in a list goes on with it; in an item without words it ends it.
export function goOn(area) {
  const { value, selectionStart: caret, selectionEnd } = area
  if (caret !== selectionEnd) return false
  const begins = value.lastIndexOf("\n", caret - 1) + 1
  const found = value.slice(begins, caret).match(/^(\s*)([-*+]|>|(\d{1,4})([.)]))( +)(.*)$/)
  if (!found || (found[3] && !isCounted(value, begins, Number(found[3])))) return false
  const [, indent, sign, number, after, gap, words] = found
  if (!words.trim()) insert(area, "", begins, caret)
  else insert(area, `\n${indent}${number ? Number(number) + 1 + after : sign}${gap}`)
  return true
}

// A line that begins with a number is an item where it is the first, or follows one.
function isCounted(value, begins, number) {
  if (number === 1) return true
  const before = value.slice(0, Math.max(0, begins - 1)).split("\n").pop()
  return new RegExp(`^\\s*${number - 1}[.)] `).test(before)
}
