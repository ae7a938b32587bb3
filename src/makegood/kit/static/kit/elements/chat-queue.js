// <chat-queue id="chat-queue" hx-get="/chats/queue/"><form hx-post="…/taking/"><button data-key="t">Take</button></form></chat-queue>
// Who waits. A list that was asked for before somebody was taken, or while they were, would bring them back: it is
// thrown away, and asked for again once the last of them is taken.

class ChatQueue extends HTMLElement {
  #asked = new WeakMap()
  #taken = 0
  #underWay = 0
  #isOwed = false
  #takes = new Set()

  connectedCallback() {
    for (const kind of ["beforeRequest", "beforeSwap", "oobBeforeSwap"]) this.addEventListener(`htmx:${kind}`, this)
  }

  handleEvent({ type, detail }) {
    if (type === "htmx:oobBeforeSwap") return this.#keep(detail.fragment)
    const isTaking = detail.requestConfig.verb === "post"
    if (type === "htmx:beforeSwap") isTaking || this.#judge(detail)
    else if (isTaking) this.#take(detail.xhr, detail.requestConfig.path)
    else this.#asked.set(detail.xhr, this.#taken)
  }

  // Its end is heard from the request itself: what it was pressed on may be gone by then.
  #take(xhr, path) {
    this.#taken += 1
    this.#underWay += 1
    this.#takes.add(path)
    xhr.addEventListener("loadend", () => {
      this.#underWay -= 1
      this.#takes.delete(path)
      this.#ask()
    })
  }

  // The list that comes with somebody who was taken knows nothing of who is being taken just now:
  // the next key is for the one behind them.
  #keep(list) {
    for (const form of list.querySelectorAll("form")) {
      if (!this.#takes.has(form.getAttribute("hx-post"))) continue
      form.querySelector("button").disabled = true
      this.#isOwed = true
    }
  }

  #judge(detail) {
    if (!this.#underWay && this.#asked.get(detail.xhr) === this.#taken) return
    detail.shouldSwap = false
    this.#isOwed = true
    this.#ask()
  }

  #ask() {
    if (!this.#isOwed || this.#underWay) return
    this.#isOwed = false
    setTimeout(() => this.dispatchEvent(new CustomEvent("news")))
  }
}

customElements.define("chat-queue", ChatQueue)
