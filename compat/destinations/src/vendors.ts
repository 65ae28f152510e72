/**
 * What vendors' hosts answer: small scripts of our own that take over as the vendor's do, and record what they are
 * asked. `vendor` is the recorder of `page/recorder.ts`.
 */
export const vendors: Record<string, string> = {
  'cdn.amplitude.com': `
    const { amplitude } = window
    const replay = (path, api) => {
      for (const name of Object.keys(api).filter((one) => typeof api[one] === 'function' && !/^[A-Z]|getInstance/.test(one)))
        api[name] = (...args) => vendor.record(path + '.' + name, args)
      for (const [name, ...args] of api._q.splice(0)) vendor.record(path + '.' + name, args)
    }
    amplitude.getInstance().options = {}
    amplitude.runQueuedFunctions = () => {
      replay('amplitude', amplitude)
      replay('amplitude.instance', amplitude.getInstance())
    }`,

  'static.hotjar.com': `
    for (const args of window.hj.q ?? []) vendor.record('hj', args)
    window.hj = vendor.standIn('hj')`,

  'www.googletagmanager.com': `vendor.takeQueue('dataLayer')`,

  'js.appboycdn.com': `
    const user = vendor.standIn('braze.user')
    window.braze = vendor.standIn('braze', { 'braze.getUser': () => user, 'braze.logPurchase': () => true })`,

  'edge.fullstory.com': `
    const { FS } = window
    FS._api = (...args) => vendor.record('FS', args)
    for (const args of FS.q) FS._api(...args)
    FS.q = undefined`,

  'cdn.heapanalytics.com': `window.heap = vendor.standIn('heap')`,

  'widget.intercom.io': `
    const { q } = window.Intercom
    window.Intercom = vendor.standIn('Intercom')
    for (const args of q) window.Intercom(...args)`,

  'js.hs-scripts.com': `vendor.takeQueue('_hsq')`,

  'admin1.testandtarget.omniture.com': `window.adobe = vendor.standIn('adobe')`,

  'api.commandbar.com': `
    const queue = window.CommandBar[Symbol.for('CommandBar::unwrap')]()[Symbol.for('CommandBar::queue')]
    const take = (args) => vendor.record('CommandBar', args)
    queue.splice(0).forEach(take)
    queue.push = take`,

  'static.fbot.me': `vendor.takeQueue('friendbuyAPI')`,
  'campaign.fbot.me': '',

  'platform.iteratehq.com': `window.Iterate = vendor.standIn('Iterate')`,

  'cdn.koala.live': `
    const ko = vendor.standIn('ko', { 'ko.ready': (callback) => callback() })
    window.KoalaSDK = vendor.standIn('KoalaSDK', { 'KoalaSDK.load': () => ko })`,

  'cdn.lr-in-prod.com': `
    window._LRLogger = function () {
      const logger = vendor.standIn('LogRocket')
      // Of what happens on the page, such as requests: not of the destination's making.
      logger.addEvent = () => {}
      return logger
    }`,

  'go.playerzero.app': `window.playerzero = vendor.standIn('playerzero')`,

  'storage.getripe.com': `window.Ripe = vendor.standIn('Ripe')`,

  'cdn.sabil.io': `window.Sabil = vendor.standIn('Sabil')`,

  't.screeb.app': `window.$screeb = vendor.standIn('$screeb')`,

  'cdn.sprig.com': `window.Sprig = vendor.standIn('Sprig')`,

  'tags.srv.stackadapt.com': `
    window.saq.callMethod = (...args) => vendor.record('saq', args)
    for (const args of window.saq.queue) window.saq.callMethod(...args)`,

  'cdn.upollo.ai': `
    const company = { name: 'Acme', industry: 'Anvils', companySize: { employeesMin: 10, employeesMax: 20 } }
    window.upollo = {
      UpolloClient: class {
        track(...args) {
          vendor.record('upollo.track', args)
        }
        async checkEmail(...args) {
          vendor.record('upollo.checkEmail', args)
          return { company }
        }
      },
    }`,

  'js.userpilot.io': `window.userpilot = vendor.standIn('userpilot')`,

  'dev.visualwebsiteoptimizer.com': `
    clearTimeout(window.settings_timer)
    window._vwo_code.finish()
    window.VWO = vendor.standIn('VWO')`,

  'loader.wisepops.com': `
    for (const args of window.wisepops.q) vendor.record('wisepops', args)
    window.wisepops.q.push = (args) => vendor.record('wisepops', args)`,
}
