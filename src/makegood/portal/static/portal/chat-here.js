// A chat that was begun elsewhere goes on in this browser: its own secret is bound to it, once.

class ChatHere extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button")
    this.word = location.hash.slice(1)
    this.button.addEventListener("click", () => this.goOn())
    if (!this.word && this.kept()) this.show()
  }

  get shop() {
    return this.getAttribute("shop")
  }

  kept() {
    try {
      return localStorage.getItem(`makegood:${this.shop}`)
    } catch {
      return null
    }
  }

  async goOn() {
    if (!this.word) return this.show()
    this.button.disabled = true
    const secret = this.kept() ?? newSecret()
    const trouble = await this.claim(secret)
    this.button.disabled = false
    const alert = this.querySelector("[role=alert]")
    alert.hidden = trouble === null
    if (trouble) alert.textContent = trouble
    if (trouble !== null) return
    localStorage.setItem(`makegood:${this.shop}`, secret)
    this.word = ""
    history.replaceState(null, "", location.pathname)
    this.show()
  }

  // What stands in the way: the shop's words, none where it is the word itself, null where nothing is.
  async claim(secret) {
    try {
      const answer = await fetch(`/chat/${this.shop}/claim/`, {
        method: "POST",
        headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" },
        body: JSON.stringify({ pass: this.word }),
      })
      if (answer.ok) return null
      return answer.status === 429 ? (await answer.json()).words : ""
    } catch {
      return ""
    }
  }

  show() {
    window.makegood ??= []
    if (Array.isArray(window.makegood)) window.makegood.push(["open"])
    else return window.makegood.open()
    const script = document.createElement("script")
    script.src = "/chat/widget.js"
    script.dataset.shop = this.shop
    document.head.append(script)
  }
}

function newSecret() {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
}

customElements.define("chat-here", ChatHere)
