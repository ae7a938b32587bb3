// <pick-words for="id_words"><p>My number is 4111 …</p></pick-words> … <input id="id_words">
// What is marked in it with pointer, finger or keys stands in the field. Without JavaScript the words are typed.

class PickWords extends HTMLElement {
  #take = () => {
    const chosen = document.getSelection()
    const words = chosen.toString().trim()
    if (!words || !this.contains(chosen.anchorNode) || !this.contains(chosen.focusNode)) return
    document.getElementById(this.getAttribute("for")).value = words
  }

  connectedCallback() {
    document.addEventListener("selectionchange", this.#take)
  }

  disconnectedCallback() {
    document.removeEventListener("selectionchange", this.#take)
  }
}

customElements.define("pick-words", PickWords)
