// <mail-frame taller="Show all" shorter="Show less"><iframe sandbox src="…" height="320"></iframe></mail-frame>
// A mail as it was sent. The frame is shut off from the page, so nobody can ask it how tall it is: the server
// guesses the height, and this adds a button for when the guess was too small.

class MailFrame extends HTMLElement {
  connectedCallback() {
    this.button ??= this.#makeButton()
    this.append(this.button)
  }

  #makeButton() {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "button button--quiet"
    button.textContent = this.getAttribute("taller")
    button.setAttribute("aria-expanded", "false")
    button.addEventListener("click", this)
    return button
  }

  handleEvent() {
    const isTall = this.toggleAttribute("tall")
    this.button.textContent = this.getAttribute(isTall ? "shorter" : "taller")
    this.button.setAttribute("aria-expanded", String(isTall))
  }
}

customElements.define("mail-frame", MailFrame)
