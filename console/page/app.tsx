/** The frame around the screens: where they are, whose lake it is, light or dark, and the keys. */

import {
  Activity,
  BookOpen,
  Building2,
  CircleHelp,
  HeartPulse,
  Moon,
  Search as SearchIcon,
  ShieldAlert,
  Shield,
  Sun,
  UserSearch,
  type IconNode,
} from 'lucide';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AnswerOf } from '../api/routes.ts';
import { useAnswer, useKey, usePlace, type Go } from './hooks.ts';
import { Fault, Icon, Link, Loading } from './parts/basics.tsx';
import { toggleTheme, useTheme } from './parts/theme.ts';
import { Entity } from './screens/entity.tsx';
import { Findings } from './screens/findings.tsx';
import { Health } from './screens/health.tsx';
import { Overview } from './screens/overview.tsx';
import { Queries } from './screens/queries.tsx';
import { Rules } from './screens/rules.tsx';
import { Search } from './screens/search.tsx';
import { Tenants } from './screens/tenants.tsx';

/** What every screen is given. */
export interface ScreenProps {
  readonly session: AnswerOf<'session'>;
  readonly params: URLSearchParams;
  readonly go: Go;
}

interface Screen {
  readonly title: string;
  readonly icon: IconNode;
  readonly show: (props: ScreenProps) => JSX.Element;
}

const screens: Readonly<Record<string, Screen>> = {
  overview: { title: 'Overview', icon: Activity, show: Overview },
  search: { title: 'Search', icon: SearchIcon, show: Search },
  entity: { title: 'Entity', icon: UserSearch, show: Entity },
  findings: { title: 'Findings', icon: ShieldAlert, show: Findings },
  rules: { title: 'Rules', icon: Shield, show: Rules },
  queries: { title: 'Queries', icon: BookOpen, show: Queries },
  tenants: { title: 'Tenants', icon: Building2, show: Tenants },
  health: { title: 'Health', icon: HeartPulse, show: Health },
};

/** The console. */
export function App(): JSX.Element {
  const [{ screen, params }, go] = usePlace();
  const [isHelp, setHelp] = useState(false);
  const theme = useTheme();
  const session = useAnswer('session', {});
  const current = screens[screen] ?? screens.overview;
  useKey('/ ? Escape', (key) => {
    if (key === '/') focusSearch(screen, go);
    else setHelp(key === '?');
  });
  useEffect(() => {
    document.title = `${current?.title ?? ''} · Lake console`;
  }, [current]);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the screen
      </a>
      <nav aria-label="Screens">
        <div class="brand">
          <span class="mark" aria-hidden="true" />
          <span class="word">Lake</span>
        </div>
        {Object.entries(screens).map(([name, { title, icon }]) => (
          <Link key={name} go={go} to={name} current={name === screen} title={title}>
            <Icon of={icon} size={18} />
            <span class="word">{title}</span>
          </Link>
        ))}
        <span class="grow" />
        <button type="button" class="quiet" aria-label={`Use the ${theme === 'dark' ? 'light' : 'dark'} theme`} onClick={toggleTheme}>
          <Icon of={theme === 'dark' ? Sun : Moon} />
        </button>
        <button
          type="button"
          class="quiet"
          aria-label="Keys"
          onClick={() => {
            setHelp(true);
          }}
        >
          <Icon of={CircleHelp} />
        </button>
      </nav>
      <main id="main" tabIndex={-1}>
        {session.error !== undefined && <Fault message={session.error} again={session.again} />}
        {session.data && current ? (
          <current.show key={screen} session={session.data} params={params} go={go} />
        ) : (
          session.error === undefined && <Loading what="Opening the lake" />
        )}
      </main>
      {isHelp && (
        <Help
          close={() => {
            setHelp(false);
          }}
        />
      )}
    </>
  );
}

function focusSearch(screen: string, go: Go): void {
  const focus = (): void => {
    document.querySelector<HTMLInputElement>('input[type=search]')?.focus();
  };
  if (screen !== 'search') go('search');
  requestAnimationFrame(() => {
    requestAnimationFrame(focus);
  });
}

const keys = [
  ['/', 'search'],
  ['j  k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['Esc', 'close'],
  ['?', 'this help'],
] as const;

function Help({ close }: { readonly close: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} onClose={close} aria-label="Keys">
      <h2>Keys</h2>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
