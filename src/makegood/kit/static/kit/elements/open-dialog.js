// <open-dialog to="keys"><button data-key="?">Keys</button></open-dialog> <dialog id="keys" class="dialog">…</dialog>
// Opens the dialog of that name; a link in it is the way there without script. A <form method="dialog"> in it closes it; so do Escape and a click beside it.

class OpenDialog extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this)
  }

  handleEvent(event) {
    event.preventDefault()
    const dialog = document.getElementById(this.getAttribute("to"))
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close())
    dialog.showModal()
  }
}

customElements.define("open-dialog", OpenDialog)
