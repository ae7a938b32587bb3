// <toast-list class="toasts" role="status" failed="That did not get through."><p class="toast">Assigned.</p></toast-list>
// Words about what just happened. They go after a while, but never while somebody reads them (pointer or focus).
// Where a request of htmx fails, says so.

class ToastList extends HTMLElement {
  static stay = 6000
  #fail = () => this.#say(this.getAttribute("failed"))

  connectedCallback() {
    for (const toast of this.children) this.#fade(toast)
    for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(kind, this.#fail)
    this.watch = new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((one) => this.#fade(one))))
    this.watch.observe(this, { childList: true })
  }

  disconnectedCallback() {
    this.watch.disconnect()
    for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.removeEventListener(kind, this.#fail)
  }

  #say(words) {
    const toast = document.createElement("p")
    toast.className = "toast"
    toast.textContent = words
    this.replaceChildren(toast)
  }

  #fade(toast) {
    if (toast.nodeType !== Node.ELEMENT_NODE) return
    setTimeout(() => (toast.matches(":hover, :focus-within") ? this.#fade(toast) : toast.remove()), ToastList.stay)
  }
}

customElements.define("toast-list", ToastList)
