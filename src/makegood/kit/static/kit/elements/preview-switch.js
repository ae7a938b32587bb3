// <preview-switch><button hx-post="/…/preview/" hx-target="#reply-preview" aria-pressed="false">Preview</button></preview-switch>
// Shows how it will look in the place of the words, and goes back to them. The button asks the server; pressed again it
// only puts the preview away. Without script the button leads to a page of its own.

class PreviewSwitch extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button")
    this.button.addEventListener("click", this, true)
    this.closest("form").addEventListener("htmx:afterSwap", this)
  }

  handleEvent(event) {
    if (event.type === "htmx:afterSwap") return this.#show(Boolean(this.#preview?.firstElementChild))
    if (!this.#preview?.firstElementChild) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.#preview.replaceChildren()
    this.#show(false)
    this.closest("form").elements.text.focus()
  }

  get #preview() {
    return this.closest("form").querySelector(".preview")
  }

  #show(isShown) {
    this.button.ariaPressed = String(isShown)
  }
}

customElements.define("preview-switch", PreviewSwitch)
