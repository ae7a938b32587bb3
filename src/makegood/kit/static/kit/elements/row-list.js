// <row-list data-keys="list"><a data-row href="/conversations/17/">…</a></row-list>
// Marks the row of what is open, also when it was opened, or gone back to, without loading the page.

class RowList extends HTMLElement {
  #mark = () => this.mark()

  connectedCallback() {
    for (const kind of ["htmx:pushedIntoHistory", "htmx:historyRestore", "popstate"]) addEventListener(kind, this.#mark)
    this.watch = new MutationObserver(this.#mark)
    this.watch.observe(this, { childList: true, subtree: true })
  }

  disconnectedCallback() {
    for (const kind of ["htmx:pushedIntoHistory", "htmx:historyRestore", "popstate"]) removeEventListener(kind, this.#mark)
    this.watch.disconnect()
  }

  mark() {
    for (const row of this.querySelectorAll("[data-row]")) {
      const isOpen = row.pathname === location.pathname
      if (isOpen !== row.hasAttribute("aria-current")) row.toggleAttribute("aria-current", isOpen)
      if (isOpen) row.classList.remove("row--unread")
    }
  }
}

customElements.define("row-list", RowList)
