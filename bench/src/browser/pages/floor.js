// The least that anybody can do to keep an event until it is delivered.
import { timeEach } from './support/tasks'

window.bench = {
  timeTrack: (calls, event) =>
    timeEach(calls, (number) => {
      localStorage.setItem(`floor:${number}`, JSON.stringify(event))
      localStorage.removeItem(`floor:${number}`)
    }),
}
