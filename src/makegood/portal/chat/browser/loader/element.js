// <makegood-chat><a slot="help" href="/returns">How to send something back</a></makegood-chat>
// The chat's place on the page: made by the script unless the page has one. Its inside is closed
// to the page's styles; what the page may set are the properties that begin with --makegood-.

const ICONS = "http://www.w3.org/2000/svg"

// A small tree of elements from names, properties and children; never from a string of HTML.
function make(name, properties = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value)
    else if (key in made && typeof value !== "string") made[key] = value
    else made.setAttribute(key === "className" ? "class" : key, value)
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined))
  return made
}

function icon(...paths) {
  const made = document.createElementNS(ICONS, "svg")
  const look = { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }
  for (const [key, value] of Object.entries(look)) made.setAttribute(key, value)
  for (const path of paths) {
    const line = document.createElementNS(ICONS, "path")
    line.setAttribute("d", path)
    made.append(line)
  }
  return made
}

function sheetOf(text) {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(text)
  return sheet
}

class MakegoodChat extends HTMLElement {
  constructor() {
    super()
    face.shade = this.attachShadow({ mode: "closed" })
  }
}

const face = {
  element: null,
  shade: null,
  frame: make("div", { className: "frame" }),
  probe: make("span", { hidden: true }),

  // Beside the body, not in it: a framework that draws the body anew leaves it alone.
  put() {
    if (!customElements.get("makegood-chat")) customElements.define("makegood-chat", MakegoodChat)
    this.element ??= document.querySelector("makegood-chat") ?? document.createElement("makegood-chat")
    if (!this.element.isConnected) document.documentElement.append(this.element)
    if (!this.shade.adoptedStyleSheets.length) this.shade.adoptedStyleSheets = [sheetOf(LOADER_STYLE), paint.sheet]
    this.shade.append(this.frame, this.probe)
    this.dress()
  },

  wear(style) {
    this.shade.adoptedStyleSheets = [...this.shade.adoptedStyleSheets, sheetOf(style)]
  },

  dress() {
    const page = getComputedStyle(document.documentElement)
    const { position = "end", corner = "round" } = shop.hello?.theme ?? {}
    const look = SCRIPT.dataset.look ?? shop.hello?.theme?.look ?? "auto"
    const follows = page.colorScheme === "normal" ? "both" : "page"
    this.frame.dir = page.direction
    this.frame.lang = language()
    this.frame.dataset.position = SCRIPT.dataset.position ?? position
    this.frame.dataset.corner = corner
    this.frame.dataset.look = ["light", "dark"].includes(look) ? look : follows
    dress(this.element, this.probe)
  },

  take() {
    this.element?.remove()
  },
}
