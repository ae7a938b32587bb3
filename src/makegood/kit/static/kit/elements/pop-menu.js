// <pop-menu class="menu"><details><summary>Assign</summary><div class="menu__sheet">…</div></details></pop-menu>
// A details that behaves like a menu: arrows and first letters move, Escape and a click elsewhere close.
// Without JavaScript it opens and closes by its summary.

class PopMenu extends HTMLElement {
  #outside = ({ target }) => this.contains(target) || this.#close()

  connectedCallback() {
    this.addEventListener("keydown", this)
    this.addEventListener("toggle", this, true)
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.#outside)
  }

  handleEvent(event) {
    if (event.type === "toggle") this.#toggled()
    else if (this.#details.open) this.#press(event)
  }

  get #details() {
    return this.querySelector("details")
  }

  #toggled() {
    if (!this.#details.open) return document.removeEventListener("pointerdown", this.#outside)
    document.addEventListener("pointerdown", this.#outside)
    for (const other of document.querySelectorAll("pop-menu > details[open]")) {
      if (other !== this.#details) other.open = false
    }
    this.querySelector("[autofocus]")?.focus()
  }

  #press(event) {
    if (event.key === "Escape") {
      this.#close()
      this.querySelector("summary").focus()
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#step(event.key === "ArrowDown" ? 1 : -1)
    } else if (event.key.length === 1 && !event.target.matches("input, textarea") && this.#jump(event.key)) {
      event.stopPropagation()
    } else return
    event.preventDefault()
  }

  #items() {
    return [...this.querySelectorAll(".menu__item, .menu__sheet input:not([type=hidden]), .menu__sheet .button")]
  }

  #step(by) {
    const items = this.#items()
    const here = items.indexOf(document.activeElement)
    items[(here + by + items.length) % items.length]?.focus()
  }

  #jump(letter) {
    const starts = (item) => item.textContent.trim().toLowerCase().startsWith(letter.toLowerCase())
    const found = this.#items().find(starts)
    found?.focus()
    return Boolean(found)
  }

  #close() {
    this.#details.open = false
  }
}

customElements.define("pop-menu", PopMenu)
