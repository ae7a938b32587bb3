// <script async src="https://desk.example/chat/widget.js" data-shop="PUBLIC_ID"></script>
// Where the chat lives and whose it is; what every part of it needs.

const KEY = Symbol.for("makegood.chat")
const SCRIPT =
  document.currentScript ?? document.querySelector("script[data-shop][src*='/chat/widget.js']")
const ROOT = new URL("./", SCRIPT.src).href
const SHOP = SCRIPT.dataset.shop ?? ""
const BASE = `${ROOT}${SHOP}/`
const PHONE = "(max-width: 480px), (max-height: 420px)"

const shop = { hello: null, cart: null, page: null, tags: [], isOpen: false, room: null }

// Who wants to hear of what. A listener of the shop's own that fails must not break the chat.
const hub = {
  heard: new Map(),

  on(name, listener) {
    if (!this.heard.has(name)) this.heard.set(name, new Set())
    this.heard.get(name).add(listener)
  },

  off(name, listener) {
    this.heard.get(name)?.delete(listener)
  },

  tell(name, detail) {
    for (const listener of [...(this.heard.get(name) ?? [])]) {
      try {
        listener(detail)
      } catch (error) {
        setTimeout(() => { throw error })
      }
    }
  },
}

// A sleep that a bell can end: retries wait, but not when the network is back.
class Bell {
  #wake = () => {}

  sleep(milliseconds) {
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds)
      this.#wake = () => { clearTimeout(timer); done() }
    })
  }

  ring() { this.#wake() }
}

// 0, then 0.5, 1, 2 … 15 seconds, none of them to the dot: a thousand browsers come back apart.
function pause(tries) {
  if (tries <= 1) return Math.random() * 200
  return Math.min(15_000, 250 * 2 ** (tries - 1)) * (0.75 + Math.random() / 2)
}

function pageNow() {
  return shop.page ?? { url: location.href.slice(0, 2000), title: plainTitle().slice(0, 200) }
}
