// What <write-tools> fetches when somebody begins to write: keys, buttons, what is pasted, what is completed.

import { bracket, goOn, insert, link, listed } from "./editing.js"
import { Completion } from "./completing.js"
import { named, pick } from "./emoji.js"
import { meant } from "./pasting.js"

const KEYS = { b: "bold", i: "italic", k: "link" }

export class Desk {
  #acts = {
    bold: () => bracket(this.area, "**"),
    italic: () => bracket(this.area, "*"),
    list: () => listed(this.area, "- "),
    quote: () => listed(this.area, "> "),
    link: () => link(this.area),
    emoji: () => pick(this.tools, (sign) => insert(this.area, sign)),
    attach: () => this.area.form.querySelector("input[type=file]").click(),
  }

  constructor(tools, area) {
    this.tools = tools
    this.area = area
    area.addEventListener("keydown", (event) => this.#press(event))
    area.addEventListener("paste", (event) => this.#paste(event))
    area.setAttribute("aria-keyshortcuts", "Control+B Control+I Control+K")
    this.complete(":", named)
  }

  act(name) {
    this.area.focus()
    this.#acts[name]()
  }

  complete(sign, find) {
    return new Completion(this.tools, this.area, sign, find)
  }

  #press(event) {
    if (event.isComposing || event.altKey) return
    const isCommand = (event.ctrlKey || event.metaKey) && !event.shiftKey
    const does = isCommand && KEYS[event.key.toLowerCase()]
    // Without words that are marked, Ctrl+K stays what it is everywhere: the way to any command.
    if (does && (does !== "link" || this.area.selectionStart !== this.area.selectionEnd)) {
      event.preventDefault()
      event.stopPropagation()
      this.act(does)
    } else if (event.key === "Enter" && !isCommand && !event.shiftKey && !event.defaultPrevented) {
      if (goOn(this.area)) event.preventDefault()
    }
  }

  #paste(event) {
    const text = meant(event.clipboardData, this.area)
    if (text === null) return
    event.preventDefault()
    event.stopPropagation()
    insert(this.area, text)
  }
}
