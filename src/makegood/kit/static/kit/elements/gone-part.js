// <gone-part of="message-17"></gone-part>
// What it names is gone: taken back, here or elsewhere. It says nothing where that never stood on this page.

class GonePart extends HTMLElement {
  connectedCallback() {
    document.getElementById(this.getAttribute("of"))?.remove()
    this.remove()
  }
}

customElements.define("gone-part", GonePart)
