// <form><textarea name="text"></textarea><enter-sends><label><input type="checkbox"> Enter sends</label></enter-sends></form>
// In a chat Enter sends and Shift+Enter begins a line, unless whoever sits at this browser wants it otherwise. Not
// while letters are being put together, nor where Enter takes what a list offers, nor under a thumb.

class EnterSends extends HTMLElement {
  static #isLine = () => localStorage.getItem("enter") === "line"

  connectedCallback() {
    this.form = this.closest("form")
    this.box = this.querySelector("input")
    this.box.checked = !EnterSends.#isLine()
    this.box.addEventListener("change", () => localStorage.setItem("enter", this.box.checked ? "sends" : "line"))
    this.form.addEventListener("keydown", this.#press)
  }

  disconnectedCallback() {
    this.form.removeEventListener("keydown", this.#press)
  }

  #press = (event) => {
    if (event.key !== "Enter" || !event.target.matches("textarea") || event.defaultPrevented || event.isComposing) return
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || EnterSends.#isLine()) return
    if (matchMedia("(pointer: coarse)").matches) return
    event.preventDefault()
    if (event.target.value.trim()) this.form.requestSubmit()
  }
}

customElements.define("enter-sends", EnterSends)
