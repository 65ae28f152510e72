/** The museum by itself: `node server.js`, with `TRACKING_API` and `PORT` if they are others. */
import { serveMuseum } from './serve-museum.js'

const { PORT = '3002', TRACKING_API = 'http://127.0.0.1:4777' } = process.env
const { url } = await serveMuseum({ port: Number(PORT), trackingApi: TRACKING_API })
console.log(`The museum is open at ${url} and tells what happens there to ${TRACKING_API}`)
