/** The links of a Markdown text that lead to other files or to its own headings. */

/**
 * @typedef {object} Link
 * @property {string} path As it is written, without its anchor; empty for one that stays in the text.
 * @property {string} anchor Of a heading; empty without one.
 */

/**
 * @param {string} text
 * @returns {Link[]}
 */
export function readLinks(text) {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z][a-z+.-]*:/i.test(target)) return []
    const [path = '', anchor = ''] = target.split('#')
    return [{ path: decodeURI(path), anchor }]
  })
}

/** @param {string} text */
export const withoutCode = (text) =>
  text.replace(/^ *(`{3,})[^\n]*\n.*?^ *\1 *$/gms, '').replace(/`[^`\n]*`/g, '')
