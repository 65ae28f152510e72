/** The one part of it that is used here; its types are a package of their own. */
declare module 'react-dom/client' {
  export function createRoot(container: Element): { render(children: import('react').ReactNode): void }
}
