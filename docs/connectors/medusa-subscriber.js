// Tells Makegood what happens to orders of a Medusa store (version 2).
//
// Put this file into the store as src/subscribers/makegood.js, and give the store, in its
// environment, the address and the secret that Makegood showed when it was connected:
//
//   MAKEGOOD_URL=https://help.example.com/signals/…/
//   MAKEGOOD_SECRET=whsec_…
//
// Every message is signed as Standard Webhooks describes it. It names an order and says nothing
// else of it: Makegood asks the store what the order is like now.
const { createHmac, randomUUID } = require('node:crypto')

const EVENTS = [
  'order.placed', 'order.updated', 'order.canceled', 'order.completed', 'order.archived',
  'order.fulfillment_created', 'order.fulfillment_canceled', 'order.return_requested',
  'order.return_received', 'order.claim_created', 'order.exchange_created',
  'order-edit.confirmed', 'shipment.created', 'delivery.created',
  'payment.captured', 'payment.refunded',
]
const TRIES = 5
const SECONDS = 10

/** The order that an event is about: some name a parcel or a payment instead. */
async function orderOf(name, data, query) {
  if (data.order_id) return data.order_id
  if (name.startsWith('shipment.') || name.startsWith('delivery.')) {
    const { data: found } = await query.graph({
      entity: 'fulfillment', fields: ['order.id'], filters: { id: data.id },
    })
    return found[0]?.order?.id
  }
  if (name.startsWith('payment.')) {
    const { data: found } = await query.graph({
      entity: 'payment', fields: ['payment_collection.order.id'], filters: { id: data.id },
    })
    return found[0]?.payment_collection?.order?.id
  }
  return data.id
}

function signed(body) {
  const id = `msg_${randomUUID()}`
  const at = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(process.env.MAKEGOOD_SECRET.replace(/^whsec_/, ''), 'base64')
  const mark = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${mark}` }
}

module.exports.default = async function tellMakegood({ event, container }) {
  if (!process.env.MAKEGOOD_URL || !process.env.MAKEGOOD_SECRET) return
  const order = await orderOf(event.name, event.data, container.resolve('query'))
  if (!order) return
  const body = JSON.stringify({ topic: event.name, order })
  for (let tried = 1; tried <= TRIES; tried += 1) {
    try {
      const answer = await fetch(process.env.MAKEGOOD_URL, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed(body) },
        body,
        signal: AbortSignal.timeout(SECONDS * 1000),
      })
      if (answer.ok) return
    } catch { /* not reached: once more below */ }
    await new Promise((done) => { setTimeout(done, tried * tried * 1000) })
  }
  container.resolve('logger').warn(`Makegood was not reached about ${event.name} of ${order}`)
}

module.exports.config = { event: EVENTS }
