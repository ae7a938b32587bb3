// <ask-box><input hx-get="/search/options/" hx-trigger="ask" hx-target="#ask-options"> <input type="hidden" name="caret">
// <ul id="ask-options" role="listbox" hidden>…<li role="option" data-insert="tag:" data-start="5" data-end="7"></ul></ask-box>
// Offers how a question may go on, as a combobox: the server knows what, arrows move, Enter takes, Escape closes.
// Without JavaScript it is a plain search field.

class AskBox extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input[type=search]")
    this.caret = this.querySelector("input[name=caret]")
    this.list = this.querySelector("[role=listbox]")
    const says = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id }
    for (const [name, value] of Object.entries(says)) this.field.setAttribute(name, value)
    for (const kind of ["input", "keydown", "focusout"]) this.addEventListener(kind, this)
    this.list.addEventListener("pointerdown", this)
    this.list.addEventListener("htmx:afterSwap", this)
    this.closest("form").addEventListener("submit", this)
  }

  handleEvent(event) {
    if (event.type === "input") this.#ask()
    else if (event.type === "keydown") this.#press(event)
    else if (event.type === "pointerdown") this.#point(event)
    else if (event.type === "htmx:afterSwap") this.#show()
    else this.#close()
  }

  // The caret travels with the question only while options are asked for.
  #ask() {
    this.isAsking = true
    this.caret.disabled = false
    this.caret.value = this.field.selectionStart
    this.field.dispatchEvent(new CustomEvent("ask"))
  }

  #show() {
    this.isOpen = this.isAsking && this.options.length > 0 && document.activeElement === this.field
    this.list.hidden = !this.isOpen
    this.field.setAttribute("aria-expanded", String(this.isOpen))
    this.#mark(null)
  }

  #close() {
    this.isAsking = this.isOpen = false
    this.caret.disabled = this.list.hidden = true
    this.field.setAttribute("aria-expanded", "false")
    this.#mark(null)
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")]
  }

  get chosen() {
    return this.list.querySelector("[aria-selected=true]")
  }

  #press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!this.isOpen || event.isComposing) return
    if (step) this.#step(step)
    else if (event.key === "Enter" && this.chosen) this.#take(this.chosen)
    else if (event.key === "Escape") this.#close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  #step(by) {
    const places = [null, ...this.options]
    const here = places.indexOf(this.chosen)
    this.#mark(places[(here + by + places.length) % places.length])
  }

  #mark(option) {
    this.chosen?.setAttribute("aria-selected", "false")
    option?.setAttribute("aria-selected", "true")
    option?.scrollIntoView({ block: "nearest" })
    if (option) this.field.setAttribute("aria-activedescendant", option.id)
    else this.field.removeAttribute("aria-activedescendant")
  }

  #point(event) {
    const option = event.target.closest("[role=option]")
    event.preventDefault() // the field keeps focus
    if (option) this.#take(option)
  }

  #take({ dataset }) {
    const insert = dataset.insert.endsWith(":") ? dataset.insert : `${dataset.insert} `
    this.field.setRangeText(insert, Number(dataset.start), Number(dataset.end), "end")
    this.#close()
    this.#ask()
  }
}

customElements.define("ask-box", AskBox)
