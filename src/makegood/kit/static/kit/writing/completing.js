// What is completed as one types: `:smi` offers 😄, `@no` could offer Nora. A sign at the beginning of a word opens the
// list; arrows choose, Enter or Tab takes, Escape leaves what was typed.
//
//   document.querySelector("#note-form write-tools").complete("@", async (words) => [{ text: "@Nora", label: "Nora", sign: "" }])
//
// `find` gets what was typed behind the sign and answers with what may stand there; an empty list closes it.

import { insert } from "./editing.js"

let last = 0

export class Completion {
  #start = -1
  #asked = 0
  #offers = []

  constructor(tools, area, sign, find) {
    Object.assign(this, { area, sign, find })
    this.list = Object.assign(document.createElement("ul"), { className: "completion", id: `completion-${++last}`, hidden: true })
    this.list.role = "listbox"
    this.list.ariaLabel = tools.dataset.offers
    tools.before(this.list)
    area.addEventListener("input", () => this.#typed())
    area.addEventListener("keydown", (event) => this.#press(event), true)
    area.addEventListener("blur", () => this.#close())
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault() // the words keep focus
      this.#take(event.target.closest("[role=option]"))
    })
  }

  async #typed(asked = ++this.#asked) {
    const { value, selectionStart: caret } = this.area
    const word = value.slice(0, caret).match(/(?:^|[\s(])(\S{1,40})$/)?.[1] ?? ""
    if (!word.startsWith(this.sign)) return this.#close()
    const offers = await this.find(word.slice(this.sign.length))
    if (asked !== this.#asked) return
    if (!offers.length) return this.#close()
    this.#start = caret - word.length
    if (offers.isWhole) return this.#put(offers[0].text)
    this.#show(offers)
  }

  #show(offers) {
    this.#offers = offers
    this.list.replaceChildren(...offers.map((one, place) => this.#option(one, place)))
    this.list.hidden = false
    this.area.setAttribute("aria-controls", this.list.id)
    this.#choose(this.list.firstElementChild)
  }

  #option({ label, sign = "" }, place) {
    const option = Object.assign(document.createElement("li"), { className: "completion__choice", id: `${this.list.id}-${place}` })
    option.role = "option"
    option.append(Object.assign(document.createElement("span"), { textContent: sign }), label)
    return option
  }

  #press(event) {
    if (this.list.hidden || event.ctrlKey || event.metaKey || event.isComposing) return
    const chosen = this.list.querySelector("[aria-selected=true]")
    if (event.key === "ArrowDown") this.#choose(chosen.nextElementSibling ?? this.list.firstElementChild)
    else if (event.key === "ArrowUp") this.#choose(chosen.previousElementSibling ?? this.list.lastElementChild)
    else if (event.key === "Enter" || event.key === "Tab") this.#take(chosen)
    else if (event.key === "Escape") this.#close()
    else return
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  #choose(option) {
    for (const one of this.list.children) one.ariaSelected = String(one === option)
    this.area.setAttribute("aria-activedescendant", option.id)
    option.scrollIntoView({ block: "nearest" })
  }

  #take(option) {
    if (option) this.#put(`${this.#offers[[...this.list.children].indexOf(option)].text} `)
  }

  #put(text) {
    const [start, end] = [this.#start, this.area.selectionStart]
    this.#close()
    insert(this.area, text, start, end)
  }

  #close() {
    this.#asked++
    if (this.list.hidden) return
    this.list.hidden = true
    this.area.removeAttribute("aria-activedescendant")
  }
}
