// What a command of the palette does on this page, whether it can be done here, and what was done last.

const REPLIES = "reply-composer saved-replies"
const open = /\/conversations\/(\d+)\//

// A field that gets focus back from a dialog has its caret at the front: it was elsewhere.
let caret = null

export function leave() {
  const { activeElement: field } = document
  caret = field.matches("textarea") ? [field, field.selectionStart, field.selectionEnd] : null
}

export function back() {
  caret?.[0].setSelectionRange(caret[1], caret[2])
  caret = null
}

// All that can be done: kept for this tab, and sent again only when it changed.
export async function known(address) {
  const kept = JSON.parse(sessionStorage.getItem("palette") ?? "{}")
  const answer = await fetch(`${address}?have=${kept.mark ?? ""}`).catch(() => null)
  if (answer?.status === 204) return kept.commands
  if (!answer?.ok || answer.redirected) return []
  const fresh = await answer.json()
  sessionStorage.setItem("palette", JSON.stringify(fresh))
  return fresh.commands
}

export function recent() {
  return JSON.parse(localStorage.getItem("palette") ?? "[]")
}

// Of people and conversations nothing is kept on the machine.
function remember({ name, isKept }) {
  if (isKept) localStorage.setItem("palette", JSON.stringify([name, ...recent().filter((one) => one !== name)].slice(0, 20)))
}

// A conversation has to be open, a control has to be there.
export function isHere({ to, press, form, insert }) {
  if (press) return Boolean(control(press))
  if (insert) return Boolean(document.querySelector(REPLIES))
  if (form && !document.querySelector(`${form}:has(.button--main:enabled)`)) return false
  return !to.includes("{conversation}") || open.test(location.pathname)
}

function control(press) {
  return customElements.get("hot-keys").shown(`[data-key="${CSS.escape(press)}"]:not([data-alone])`)
}

export function run(command, { csrfmiddlewaretoken }) {
  const { to, press, send, target, form, insert } = command
  remember(command)
  if (press) return customElements.get("hot-keys").use(control(press))
  if (insert) return write(insert)
  const address = to.replace("{conversation}", location.pathname.match(open)?.[1])
  if (!send) return location.assign(address)
  const values = { ...send, csrfmiddlewaretoken: csrfmiddlewaretoken.value }
  return window.htmx.ajax("POST", address, { values, source: form ?? target, target, swap: "outerHTML" })
}

// A saved reply stands in the answer, where the caret was.
function write(reply) {
  const answer = control("r")
  if (answer && !answer.checked) customElements.get("hot-keys").use(answer)
  document.querySelector(REPLIES).put(reply)
}

export function drawn({ name, title, group, icon, key }, option) {
  option.dataset.name = name
  const use = option.querySelector("use")
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`))
  option.querySelector(".palette__title").textContent = title
  option.querySelector(".palette__group").textContent = group
  const keys = (key ?? "").split(" ").filter(Boolean)
  const part = (one) => Object.assign(document.createElement("kbd"), { className: "key", textContent: one })
  option.querySelector(".palette__keys").append(...keys.map(part))
  return option
}
