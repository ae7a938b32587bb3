{#- Shows what was pushed, and opens its conversation. No page need be open; nothing is kept. -#}
addEventListener("push", (event) => {
  const { title, body, url, tag } = event.data.json()
  event.waitUntil(registration.showNotification(title, { body, tag, data: { url }, icon: "{{ static("kit/marks/makegood.svg") }}" }))
})

addEventListener("notificationclick", (event) => {
  event.notification.close()
  event.waitUntil(open(new URL(event.notification.data.url, location.origin)))
})

async function open(url) {
  if (url.origin !== location.origin) return
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true })
  for (const one of windows) {
    if (new URL(one.url).pathname === url.pathname) return one.focus()
  }
  return clients.openWindow(url.href)
}
