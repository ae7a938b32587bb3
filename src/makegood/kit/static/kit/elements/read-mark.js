// <read-mark message="1043"></read-mark>
// Stands in a message that came while the page was open, and in the newest of a chat. Once it has been in view for a
// moment, the composer knows that it was read: an answer is refused only for what was not seen. A visitor hears of it, too.

class ReadMark extends HTMLElement {
  static moment = 1000

  connectedCallback() {
    this.watch = new IntersectionObserver(([entry]) => this.#look(entry.isIntersecting))
    this.watch.observe(this.parentElement)
  }

  disconnectedCallback() {
    this.watch.disconnect()
    clearTimeout(this.timer)
  }

  #look(isInView) {
    clearTimeout(this.timer)
    if (isInView) this.timer = setTimeout(() => (document.hidden ? this.#look(true) : this.#read()), ReadMark.moment)
  }

  #read() {
    const message = Number(this.getAttribute("message"))
    const place = this.closest("[data-column]") ?? document // beside others, each has its own
    for (const seen of place.querySelectorAll("reply-composer input[name=seen], [data-seen-too]")) {
      seen.value = Math.max(message, Number(seen.value))
    }
    const told = place.querySelector("form[data-seen]") ?? document.getElementById("seen")
    const inView = told?.elements.namedItem("in_view")
    if (inView) inView.value = Math.max(message, Number(inView.value))
    told?.dispatchEvent(new CustomEvent("read"))
    this.remove()
  }
}

customElements.define("read-mark", ReadMark)
