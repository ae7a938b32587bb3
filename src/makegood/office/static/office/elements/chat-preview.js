// <chat-preview></chat-preview>, in the form of a chat's settings, on a page that has the chat itself in its corner.
// Shows there at once what is typed: colour, side, corners, and the words of the page's language. Nothing of it is saved.

class ChatPreview extends HTMLElement {
  static words = ["greeting", "intro"]

  connectedCallback() {
    this.form = this.closest("form")
    this.form.addEventListener("input", this)
    window.makegood ||= []
    window.makegood.push(["on", "ready", () => this.handleEvent()])
    this.handleEvent()
  }

  disconnectedCallback() {
    this.form.removeEventListener("input", this)
  }

  handleEvent() {
    const chat = window[Symbol.for("makegood.chat")]
    if (!chat?.shop.hello) return
    const typed = new FormData(this.form)
    const { theme, words } = chat.shop.hello
    const own = ChatPreview.words.map((key) => [key, typed.get(`${key}_${chat.language()}`) || undefined])
    const look = { colour: typed.get("colour"), position: typed.get("position"), corner: typed.get("corner") }
    Object.assign(chat.shop.hello, { theme: { ...theme, ...look }, words: { ...words, ...Object.fromEntries(own) } })
    chat.face.dress()
    chat.hub.tell("hello")
  }
}

customElements.define("chat-preview", ChatPreview)
