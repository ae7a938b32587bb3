// <copy-button text="r.abc@reply.example" done="Copied"><button class="button" hidden>Copy</button></copy-button>
// Copies its text and says so. The button is hidden where there is no JavaScript to do it.

class CopyButton extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button")
    this.button.hidden = false
    this.button.addEventListener("click", this)
  }

  async handleEvent() {
    await navigator.clipboard.writeText(this.getAttribute("text"))
    const word = this.button.lastChild
    const before = word.textContent
    word.textContent = this.getAttribute("done")
    this.button.setAttribute("aria-live", "polite")
    setTimeout(() => (word.textContent = before), 2000)
  }
}

customElements.define("copy-button", CopyButton)
