// <command-palette commands="/palette/commands/" found="/palette/found/"><dialog>… <input role="combobox"> <ul role="listbox"></ul> …
// Ctrl+K, or anything with `data-palette`, opens it. What can be done comes once and is ranked here; people are looked
// up while one types. Arrows choose, Enter does it, Escape closes and gives focus back. A command leads to an address,
// presses a control of the page, or posts.

import { back, drawn, isHere, known, leave, recent, run } from "../commanding.js"
import { prepare, rank } from "../ranking.js"

class CommandPalette extends HTMLElement {
  static most = 40
  static pause = 60
  #known = []
  #found = []
  #shown = []
  #asked = 0

  connectedCallback() {
    this.dialog = this.querySelector("dialog")
    this.field = this.querySelector("[role=combobox]")
    this.list = this.querySelector("[role=listbox]")
    for (const kind of ["keydown", "click"]) document.addEventListener(kind, (event) => this.#listen(event))
    this.field.addEventListener("input", () => this.#typed())
    this.dialog.addEventListener("close", back)
    this.dialog.addEventListener("keydown", (event) => this.#press(event))
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close())
    this.list.addEventListener("click", ({ target }) => this.#run(target.closest("[role=option]")))
  }

  #listen(event) {
    const isKey = event.key?.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
    if (!isKey && !(event.type === "click" && event.target.closest("[data-palette]"))) return
    event.preventDefault()
    return this.dialog.open ? this.dialog.close() : this.#open()
  }

  #open() {
    this.field.value = ""
    this.#found = []
    leave()
    this.dialog.showModal()
    this.field.focus()
    this.#show()
    this.#load()
  }

  async #load() {
    this.#known = (await known(this.getAttribute("commands"))).map((one) => prepare({ ...one, isKept: true }))
    this.#show()
  }

  #typed() {
    this.#found = this.#found.filter(({ last }) => !last)
    this.#show()
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.#find(this.field.value.trim(), ++this.#asked), CommandPalette.pause)
  }

  async #find(typed, asked) {
    const answer = await fetch(`${this.getAttribute("found")}?q=${encodeURIComponent(typed)}`).catch(() => null)
    const commands = answer?.ok && !answer.redirected && (await answer.json()).commands
    if (!commands || asked !== this.#asked) return
    this.#found = commands.map(prepare)
    this.#show(this.chosen?.dataset.name)
  }

  #show(kept) {
    const here = this.#known.filter((one) => isHere(one))
    this.#shown = rank([...here, ...this.#found], this.field.value, recent()).slice(0, CommandPalette.most)
    const line = this.querySelector("template").content.firstElementChild
    this.list.replaceChildren(...this.#shown.map((command) => drawn(command, line.cloneNode(true))))
    this.options.forEach((option, place) => (option.id = `palette-${place}`))
    this.querySelector(".palette__none").hidden = Boolean(this.#shown.length || !this.field.value)
    this.#mark(this.options.find((one) => one.dataset.name === kept) ?? this.options[0])
    clearTimeout(this.telling)
    this.telling = setTimeout(() => this.#tell(), 500)
  }

  // Said once the typing rests, so that it does not chatter.
  #tell() {
    const words = this.#shown.length ? `${this.#shown.length} ${this.dataset.count}` : this.dataset.none
    this.querySelector("[role=status]").textContent = words
  }

  get options() {
    return [...this.list.children]
  }

  get chosen() {
    return this.options.find((one) => one.ariaSelected === "true")
  }

  #press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (event.isComposing || event.target !== this.field || (!step && event.key !== "Enter")) return
    event.preventDefault()
    if (!step) return this.#run(this.chosen)
    const next = this.options.indexOf(this.chosen) + step
    const most = this.options.length - 1
    const isFar = Math.abs(step) > 1 // only single steps go round
    this.#mark(this.options.at(isFar ? Math.min(most, Math.max(0, next)) : next > most ? 0 : next))
  }

  #mark(option) {
    this.chosen?.setAttribute("aria-selected", "false")
    option?.setAttribute("aria-selected", "true")
    option?.scrollIntoView({ block: "nearest" })
    this.field.setAttribute("aria-activedescendant", option?.id ?? "")
  }

  // The page has focus again before anything is done to it.
  #run(option) {
    const command = this.#shown.find(({ name }) => name === option?.dataset.name)
    if (!command) return
    this.dialog.close()
    back()
    run(command, this.querySelector("form").elements)
  }
}

customElements.define("command-palette", CommandPalette)
