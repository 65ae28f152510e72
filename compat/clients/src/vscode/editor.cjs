/** Stands for the module `vscode`, as far as telemetry asks for it: files, and settings that a user can change. */
const { mkdir, readFile, rm, stat, writeFile } = require('node:fs/promises')
const { join } = require('node:path')

class Uri {
  constructor(fsPath) {
    this.fsPath = fsPath
  }
  static file(path) {
    return new Uri(path)
  }
  static joinPath(uri, ...parts) {
    return new Uri(join(uri.fsPath, ...parts))
  }
  toString() {
    return `file://${this.fsPath}`
  }
}

const settings = new Map()
const listeners = new Set()
let shown
const isShown = new Promise((resolve) => {
  shown = resolve
})

const full = (section, key) => (section ? `${section}.${key}` : key)

module.exports = {
  Uri,
  UIKind: { Desktop: 1, Web: 2 },
  version: '1.99.0',
  env: {
    appName: 'Editor',
    appHost: 'desktop',
    uiKind: 1,
    remoteName: undefined,
    sessionId: 'session-1',
    isTelemetryEnabled: true,
  },
  workspace: {
    getConfiguration: (section) => ({
      get: (key, otherwise) => settings.get(full(section, key)) ?? otherwise,
      inspect: (key) => ({ globalValue: settings.get(full(section, key)) }),
      async update(key, value) {
        settings.set(full(section, key), value)
        for (const listener of listeners) {
          listener({ affectsConfiguration: (name) => full(section, key).startsWith(name) })
        }
      },
    }),
    onDidChangeConfiguration(listener) {
      listeners.add(listener)
      return { dispose: () => listeners.delete(listener) }
    },
    fs: {
      stat: (uri) => stat(uri.fsPath),
      readFile: (uri) => readFile(uri.fsPath),
      writeFile: (uri, content) => writeFile(uri.fsPath, content),
      createDirectory: (uri) => mkdir(uri.fsPath, { recursive: true }),
      delete: (uri) => rm(uri.fsPath),
    },
  },
  window: { showInformationMessage: () => new Promise((answer) => shown(answer)) },
  /** The user clicks on a button of the message, when it is shown. */
  answerMessage: async (button) => (await isShown)(button),
}
