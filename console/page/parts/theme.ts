import { useEffect, useState } from 'preact/hooks';

/** Dark or light, as the person chose, else as the system has it. */
export type Theme = 'dark' | 'light';

const system = matchMedia('(prefers-color-scheme: dark)');
const kept = (): Theme | undefined => {
  const chosen = localStorage.getItem('theme');
  return chosen === 'dark' || chosen === 'light' ? chosen : undefined;
};
const now = (): Theme => kept() ?? (system.matches ? 'dark' : 'light');
const listeners = new Set<() => void>();

/** Puts the theme onto the page. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = now();
  for (const listener of listeners) listener();
}

/** Takes the other one from now on. */
export function toggleTheme(): void {
  localStorage.setItem('theme', now() === 'dark' ? 'light' : 'dark');
  applyTheme();
}

/** The theme, and again when it changes. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState(now);
  useEffect(() => {
    const follow = (): void => {
      setTheme(now());
    };
    listeners.add(follow);
    system.addEventListener('change', applyTheme);
    return () => {
      listeners.delete(follow);
      system.removeEventListener('change', applyTheme);
    };
  }, []);
  return theme;
}
