import { describe, expect, it } from 'vitest'
import { bindAll } from '../src'
import { bindMethods } from '../src/flow/bind-all'

class Base {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  inherited() {
    return this.name
  }

  shared() {
    return `base ${this.name}`
  }
}

class Client extends Base {
  gets = 0

  track() {
    return this.name
  }

  override shared() {
    return `client ${this.name}`
  }

  get size(): number {
    this.gets++
    return 1
  }
}

describe('bindAll', () => {
  it('lets the methods of the object’s class be taken off the object, which it gives back', () => {
    const client = new Client('mine')

    expect(bindAll(client)).toBe(client)
    const { track, shared } = client

    expect([track(), shared()]).toEqual(['mine', 'client mine'])
  })

  it('leaves alone what is inherited, the constructor, and getters, which it does not even call', () => {
    const client = bindAll(new Client('mine'))

    expect(Object.keys(client).sort()).toEqual(['gets', 'name', 'shared', 'track'])
    expect(client.constructor).toBe(Client)
    expect(client.gets).toBe(0)
  })

  it('lets a bound method be replaced, as tests do', () => {
    const client = bindAll(new Client('mine'))
    client.track = () => 'replaced'

    expect(client.track()).toBe('replaced')
  })

  it('is fine with an object that has no class', () => {
    expect(bindAll({ free: 1 })).toMatchObject({ free: 1 })
  })
})

describe('bindMethods', () => {
  it('binds the methods of a base class, in the form that the subclass gave them', () => {
    const client = new Client('mine')
    bindMethods(client, Base.prototype)
    const { inherited, shared } = client

    expect([inherited(), shared()]).toEqual(['mine', 'client mine'])
  })
})
