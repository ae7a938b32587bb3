// <visitor-line place="conversation:17"><p data-types hidden>Visitor k3f9 writes …</p></visitor-line>
// Shows that somebody writes in a chat, as the live feed tells it, until nothing is heard of it for some seconds.

class VisitorLine extends HTMLElement {
  static lasts = 8000
  #hear = ({ detail }) => detail.place === this.getAttribute("place") && this.#show(Boolean(detail.typed))

  connectedCallback() {
    document.addEventListener("here", this.#hear)
    if (this.hasAttribute("typing")) this.#show(true)
  }

  disconnectedCallback() {
    document.removeEventListener("here", this.#hear)
    clearTimeout(this.timer)
  }

  #show(isTyping) {
    clearTimeout(this.timer)
    const mark = this.querySelector("[data-types]")
    if (mark) mark.hidden = !isTyping
    if (isTyping) this.timer = setTimeout(() => this.#show(false), VisitorLine.lasts)
  }
}

customElements.define("visitor-line", VisitorLine)
