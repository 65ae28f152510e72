/**
 * For a process of its own, before anything else is loaded: `@segment/analytics-node` is the library under test, however
 * deep inside of a package it is asked for; and there is no host but this machine.
 */
const dns = require('node:dns')
const Module = require('node:module')

const { LIBRARY_FILE, VSCODE_FILE, TRACKING_API } = process.env

const resolve = Module._resolveFilename
Module._resolveFilename = (request, ...rest) => {
  if (request === '@segment/analytics-node' && LIBRARY_FILE) return LIBRARY_FILE
  if (request === 'vscode') return VSCODE_FILE
  return resolve(request, ...rest)
}

// The clients have no option for the host.
const { fetch } = globalThis
globalThis.fetch = (resource, init) =>
  fetch(String(resource).replace('https://api.segment.io', TRACKING_API), init)

const { lookup } = dns
dns.lookup = (hostname, ...rest) =>
  hostname === '127.0.0.1' || hostname === 'localhost'
    ? lookup(hostname, ...rest)
    : process.nextTick(rest.at(-1), new Error(`No traffic to ${hostname}`))
