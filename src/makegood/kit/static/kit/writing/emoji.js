// Emoji by name, from a list of our own: `:smile:` as one types, and a small sheet to choose from.

const MOST = 8
const SHEET = 72
let known

async function all() {
  known ??= fetch(new URL("emoji.json", import.meta.url)).then((answer) => answer.json()).catch(() => [])
  return known
}

// Who begins so comes first; then whose words do, the shorter ones before.
async function found(words, most) {
  const wanted = words.toLowerCase().replaceAll(" ", "_")
  const ranked = (await all()).flatMap(([sign, names], place) => {
    const best = Math.min(...names.split(" ").map((name) => rank(name, wanted)))
    return best < Infinity ? [{ sign, name: names.split(" ").find((one) => rank(one, wanted) === best), best, place }] : []
  })
  return ranked.sort((a, b) => a.best - b.best || a.place - b.place).slice(0, most)
}

function rank(name, wanted) {
  if (name === wanted) return 0
  if (name.startsWith(wanted)) return 1 + name.length / 1000
  return name.includes(`_${wanted}`) ? 2 : Infinity
}

// For <write-tools>: `:smile:` is whole and becomes its sign at once.
export async function named(typed) {
  const isClosed = typed.endsWith(":")
  const words = isClosed ? typed.slice(0, -1) : typed
  if (words.length < 2 || !/^[\p{L}\d_+-]+$/u.test(words)) return []
  const offers = (await found(words, MOST)).map(({ sign, name }) => ({ text: sign, sign, label: name.replaceAll("_", " "), name }))
  if (!isClosed) return offers
  return Object.assign(offers.filter(({ name }) => name === words.toLowerCase()).slice(0, 1), { isWhole: true })
}

// The sheet: opened once by its button, then again; a search field and signs as buttons.
export async function pick(tools, take) {
  const sheet = tools.querySelector(".emoji")
  if (sheet.matches(":popover-open")) return sheet.hidePopover()
  const field = sheet.querySelector("input")
  sheet.taken = take
  if (!field.oninput) begin(sheet, field)
  field.value = ""
  await show(sheet, "")
  sheet.showPopover()
  place(sheet, tools.querySelector("[data-does=emoji]"))
  field.focus()
}

function begin(sheet, field) {
  field.oninput = () => show(sheet, field.value)
  field.onkeydown = (event) => {
    if (event.key !== "Enter") return
    event.preventDefault()
    sheet.querySelector("button")?.click()
  }
  sheet.onclick = ({ target }) => {
    if (!target.matches("button")) return
    sheet.hidePopover()
    sheet.taken(target.textContent)
  }
}

async function show(sheet, words) {
  const signs = words.trim() ? await found(words.trim(), SHEET) : (await all()).slice(0, SHEET).map(([sign, names]) => ({ sign, name: names.split(" ")[0] }))
  sheet.querySelector(".emoji__signs").replaceChildren(...signs.map(({ sign, name }) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "emoji__sign", textContent: sign })
    button.title = name.replaceAll("_", " ")
    button.ariaLabel = button.title
    return button
  }))
}

// Above its button, inside the window.
function place(sheet, button) {
  const { left, top, bottom } = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = sheet
  sheet.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`
  sheet.style.top = `${top > height + 12 ? top - height - 6 : Math.min(bottom + 6, innerHeight - height - 8)}px`
}
