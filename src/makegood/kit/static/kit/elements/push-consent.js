// <push-consent worker="/service-worker.js" src="/me/browsers/" key="BP…"><button>Let this browser tell me</button></push-consent>
// Asks the browser for its consent, once the agent presses the button and not before; then tells the server where to push.
// Hidden where the browser cannot; what was refused is said in words.

class PushConsent extends HTMLElement {
  connectedCallback() {
    if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return
    this.hidden = false
    this.querySelector("button").addEventListener("click", () => this.#ask())
  }

  async #ask() {
    if ((await Notification.requestPermission()) !== "granted") return this.#say(this.dataset.blocked)
    const subscription = await this.#subscribe().catch(() => null)
    if (!subscription) return this.#say(this.dataset.failed)
    const { endpoint, keys } = subscription.toJSON()
    const told = { endpoint, ...keys, name: PushConsent.#name() }
    const body = new URLSearchParams({ csrfmiddlewaretoken: this.querySelector("input").value, ...told })
    const answer = await fetch(this.getAttribute("src"), { method: "POST", body }).catch(() => null)
    if (answer?.ok) location.reload()
    else this.#say(this.dataset.failed)
  }

  async #subscribe() {
    const { pushManager } = await navigator.serviceWorker.register(this.getAttribute("worker"), { scope: "/" })
    await navigator.serviceWorker.ready
    return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.getAttribute("key") })
  }

  static #name() {
    const { userAgent } = navigator
    const one = (names) => names.find((name) => userAgent.includes(name)) ?? ""
    const browser = one(["Firefox", "Edg", "OPR", "Chrome", "Safari"]).replace("Edg", "Edge").replace("OPR", "Opera")
    return [browser, one(["Android", "iPhone", "Windows", "Mac", "Linux"])].filter(Boolean).join(", ")
  }

  #say(words) {
    this.querySelector("[role=status]").textContent = words
  }
}

customElements.define("push-consent", PushConsent)
