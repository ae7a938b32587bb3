// <pop-menu class="menu"><details><summary>Assign</summary><div class="menu__sheet">…</div></details></pop-menu>
// A details that behaves like a menu: focus goes in, arrows and first letters move, Escape and a click elsewhere
// close. News that would take it away while it is open waits; when it closes it says `stale`, so that they are
// asked for again. Without JavaScript it opens and closes by its summary.

class PopMenu extends HTMLElement {
  #outside = ({ target }) => this.contains(target) || this.#close()
  #hold = (event) => this.#details?.open && event.detail.target.contains(this) && this.#putOff(event)
  // The answer to an earlier act, which came after this was opened; not to what was asked for since.
  #begun = new WeakSet()
  #begin = (event) => this.#details?.open && this.#begun.add(event.detail.xhr)
  #late = (event) => this.#begun.has(event.detail.xhr) || this.#hold(event)

  connectedCallback() {
    this.addEventListener("keydown", this)
    this.addEventListener("focusout", this)
    this.addEventListener("toggle", this, true)
    this.addEventListener("htmx:afterSwap", this)
    this.addEventListener("menu-done", this)
    // From the start: what is open is known at once, and that it was opened only a moment later.
    document.addEventListener("htmx:oobBeforeSwap", this.#hold)
    document.addEventListener("htmx:beforeRequest", this.#begin)
    document.addEventListener("htmx:beforeSwap", this.#late)
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:oobBeforeSwap", this.#hold)
    document.removeEventListener("htmx:beforeRequest", this.#begin)
    document.removeEventListener("htmx:beforeSwap", this.#late)
    this.#leave()
  }

  handleEvent(event) {
    if (event.type === "toggle") this.#toggled()
    else if (event.type === "htmx:afterSwap") this.#details.open && this.#enter()
    else if (event.type === "menu-done") this.#finish()
    else if (event.type === "focusout") this.#left(event)
    else if (this.#details.open) this.#press(event)
  }

  get #details() {
    return this.querySelector("details")
  }

  #toggled() {
    if (!this.#details.open) return this.#leave()
    document.addEventListener("pointerdown", this.#outside)
    for (const other of document.querySelectorAll("pop-menu > details[open]")) {
      if (other !== this.#details) other.open = false
    }
    this.#enter()
  }

  #enter() {
    const first = this.querySelector("[autofocus]") ?? this.#items()[0] ?? this.querySelector("summary")
    first.focus()
  }

  #leave() {
    document.removeEventListener("pointerdown", this.#outside)
    if (this.isStale) this.dispatchEvent(new CustomEvent("stale", { bubbles: true }))
    this.isStale = false
  }

  // Who goes on elsewhere by keys leaves nothing open behind; what a swap takes away is no going on.
  #left({ relatedTarget }) {
    if (relatedTarget && !this.contains(relatedTarget)) this.#close()
  }

  #putOff(event) {
    event.preventDefault()
    this.isStale = true
  }

  #press(event) {
    if (event.key === "Escape") this.#finish()
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#step(event.key === "ArrowDown" ? 1 : -1)
    } else if (event.key.length === 1 && !event.target.matches("input, textarea") && this.#jump(event.key)) {
      event.stopPropagation()
    } else return
    event.preventDefault()
  }

  #items() {
    return [...this.querySelectorAll(".menu__item:not([data-instead]), .menu__sheet input:not([type=hidden]), .menu__sheet .button")]
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

  #finish() {
    this.#close()
    this.querySelector("summary").focus()
  }

  #close() {
    this.#details.open = false
  }
}

customElements.define("pop-menu", PopMenu)
