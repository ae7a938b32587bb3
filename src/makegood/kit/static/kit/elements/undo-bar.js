// <undo-bar seconds="8"><button>Undo <span data-left>8 s</span></button></undo-bar>
// Ctrl+Z in a field where nothing stands presses it too: whoever has just sent is still there.
// Counts down beside the button, silently, and goes when the time is over. The server decides what is in time.

class UndoBar extends HTMLElement {
  #timer = 0

  #heard = (event) => {
    const wanted = event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey
    if (!wanted || event.target.value) return
    event.preventDefault()
    this.querySelector("button")?.click()
  }

  connectedCallback() {
    document.addEventListener("keydown", this.#heard)
    const until = Date.now() + Number(this.getAttribute("seconds")) * 1000
    this.#timer = setInterval(() => this.#tick(Math.ceil((until - Date.now()) / 1000)), 250)
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#heard)
    clearInterval(this.#timer)
  }

  #tick(left) {
    if (left <= 0) return this.remove()
    const shown = this.querySelector("[data-left]")
    if (shown) shown.textContent = `${left} s`
  }
}

customElements.define("undo-bar", UndoBar)
