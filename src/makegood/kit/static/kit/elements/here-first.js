// <here-first></here-first>
// Inside a list of places that is scrolled sideways on a phone: the place that this page is stands in sight.

class HereFirst extends HTMLElement {
  connectedCallback() {
    const list = this.parentElement
    const here = list.querySelector("[aria-current]")
    if (!here || list.scrollWidth <= list.clientWidth) return
    const [whole, one] = [list.getBoundingClientRect(), here.getBoundingClientRect()]
    list.scrollLeft += one.left + one.width / 2 - whole.left - whole.width / 2
  }
}

customElements.define("here-first", HereFirst)
