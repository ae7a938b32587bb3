// Which of many names is meant by a few letters: the name itself, its beginning, the beginnings of its words, their
// initials, another name for it, a piece of it, pieces of several words. Of equals, what was used last stands first.

const marks = /\p{M}/gu
const between = /[^\p{L}\p{N}]+/u

export function fold(text) {
  return text.normalize("NFKD").replace(marks, "").toLowerCase().trim()
}

// What is looked at on every key is made once.
export function prepare(command) {
  const title = fold(command.title)
  const own = title.split(between).filter(Boolean)
  const others = fold(command.words ?? "").split(between).filter(Boolean)
  return { ...command, folded: { title, own, all: [...own, ...others], initials: own.map((word) => word[0]).join("") } }
}

export function rank(commands, typed, recent = []) {
  const asked = fold(typed)
  const words = asked.split(between).filter(Boolean)
  const place = (command) => (recent.indexOf(command.name) + 1 || recent.length + 1) // used last first
  return commands
    .map((command, order) => ({ command, order, tier: asked ? tier(command, asked, words) : 0 }))
    .filter((one) => one.tier < Infinity)
    .sort((a, b) => a.tier - b.tier || place(a.command) - place(b.command) || a.order - b.order)
    .map((one) => one.command)
}

function tier({ folded: { title, own, all, initials }, last }, asked, words) {
  const begins = (found) => words.every((word) => found.some((one) => one.startsWith(word)))
  if (last) return last
  if (title === asked) return 1
  if (title.startsWith(asked)) return 2
  if (!words.length) return Infinity
  if (begins(own)) return 3
  const letters = words.join("")
  if (letters.length > 1 && initials.startsWith(letters)) return 4
  if (begins(all)) return 5
  if (asked.length > 2 && title.includes(asked)) return 6
  return letters.length > 2 && isPieced(own, letters) ? 7 : Infinity
}

// "asno" is "Assign to Nora": each piece is the beginning of a later word.
function isPieced(words, letters) {
  if (!letters) return true
  return words.some((word, place) => {
    for (let length = shared(word, letters); length > 0; length--) {
      if (isPieced(words.slice(place + 1), letters.slice(length))) return true
    }
    return false
  })
}

function shared(word, letters) {
  let length = 0
  while (length < word.length && word[length] === letters[length]) length++
  return length
}
