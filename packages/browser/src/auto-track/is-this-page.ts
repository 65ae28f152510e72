/** Whether what opens in `target` takes the place of this page, or of a page around it. */
export function isThisPage(target: string | null | undefined): boolean {
  return !target || /^_(self|parent|top)$/i.test(target) || target === window.name
}
