/** Set up a tenant. */

import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { AnswerOf, Needed, TenantFields } from '../../api/routes.ts';
import type { ScreenProps } from '../app.tsx';
import { call } from '../api.ts';
import { messageOf, useAnswer } from '../hooks.ts';
import { Badge, Empty, Fault, Loading, Panel } from '../parts/basics.tsx';

type Answer = AnswerOf<'tenants'>;

/** The screen. */
export function Tenants({ params, go }: ScreenProps): JSX.Element {
  const answer = useAnswer('tenants', {});
  const { data } = answer;
  const name = params.get('name');
  const tenant = data?.tenants.find((one) => one.name === name);
  return (
    <div class="screen">
      <header class="title">
        <h1>Tenants</h1>
        <span class="dim">{data?.place}</span>
        <span class="grow" />
        <button
          type="button"
          class="primary"
          onClick={() => {
            go('tenants', { name: '+' });
          }}
        >
          Add a tenant
        </button>
      </header>
      {answer.error !== undefined && <Fault message={answer.error} again={answer.again} />}
      {!data && answer.error === undefined && <Loading />}
      <div class="columns list-detail">
        {data && (
          <ul class="finding-list" aria-label="Tenants">
            {data.tenants.length === 0 && (
              <li>
                <Empty title="No tenant is configured here">Register an application in Entra, then add the tenant.</Empty>
              </li>
            )}
            {data.tenants.map((one) => (
              <li key={one.name}>
                <button
                  type="button"
                  class="finding"
                  aria-current={one.name === name ? 'true' : undefined}
                  onClick={() => {
                    go('tenants', { name: one.name });
                  }}
                >
                  <span class="line">
                    <strong>{one.name}</strong>
                    <span class="grow" />
                    <Badge tone={one.faults.length > 0 ? 'bad' : one.isEnabled ? 'good' : 'warn'}>
                      {one.faults.length > 0 ? 'broken' : one.isEnabled ? 'enabled' : 'disabled'}
                    </Badge>
                  </span>
                  <span class="line dim">{one.fields.domain ?? ''}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        {data && (name === '+' || tenant) && (
          <Form
            key={name}
            data={data}
            tenant={tenant}
            saved={(saved) => {
              answer.again();
              go('tenants', { name: saved });
            }}
          />
        )}
      </div>
    </div>
  );
}

const apis = [
  { api: 'management-activity', title: 'Office 365 Management Activity API', field: 'managementCloud' },
  { api: 'graph', title: 'Microsoft Graph', field: 'graphCloud' },
] as const;

/** What is configured; of a new tenant what most people want. */
const startOf = (data: Answer, fields: Answer['tenants'][number]['fields'] = {}): TenantFields => ({
  domain: fields.domain ?? '',
  clientId: fields.clientId ?? '',
  logTypes: fields.logTypes ?? data.logTypes.filter(({ usual }) => usual).map(({ id }) => id),
  managementCloud: fields.managementCloud ?? 'enterprise',
  graphCloud: fields.graphCloud ?? 'global',
  credential: fields.credential ?? 'secret',
});

function Form({
  data,
  tenant,
  saved,
}: {
  readonly data: Answer;
  readonly tenant: Answer['tenants'][number] | undefined;
  readonly saved: (name: string) => void;
}): JSX.Element {
  const [name, setName] = useState(tenant?.name ?? '');
  const [fields, setFields] = useState<TenantFields>(() => startOf(data, tenant?.fields));
  const [credential, setCredential] = useState('');
  const [needed, setNeeded] = useState<Needed>();
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  const [error, setError] = useState<string>();
  const set = (some: Partial<TenantFields>): void => {
    setFields((old) => ({ ...old, ...some }));
  };
  const run = (work: () => Promise<void>): void => {
    setError(undefined);
    work().catch((reason: unknown) => {
      setError(messageOf(reason));
    });
  };
  useEffect(() => {
    if (tenant)
      run(async () => {
        setNeeded(await call('neededPermissions', { name: tenant.name, fields }));
      });
  }, []);
  const save = async (): Promise<void> => {
    const answer = await call('saveTenant', { name, isNew: tenant === undefined, fields, ...(credential !== '' && { credential }) });
    setNeeded(answer.needed);
    setWarnings(answer.warnings);
    setCredential('');
    saved(name);
  };
  return (
    <article class="panel detail" aria-label={tenant === undefined ? 'A new tenant' : tenant.name}>
      <header>
        <h2>{tenant === undefined ? 'A new tenant' : tenant.name}</h2>
      </header>
      {tenant?.faults.map((fault) => (
        <Fault key={fault} message={fault} />
      ))}
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          run(save);
        }}
      >
        <div class="pair">
          <Field label="Name" hint="of your choice: letters, digits, - and _">
            <input
              required
              disabled={tenant !== undefined}
              value={name}
              onInput={(event) => {
                setName(event.currentTarget.value);
              }}
            />
          </Field>
          <Field label="Domain or tenant id">
            <input
              required
              value={fields.domain}
              placeholder="contoso.onmicrosoft.com"
              onInput={(event) => {
                set({ domain: event.currentTarget.value });
              }}
            />
          </Field>
        </div>
        <Field label="Client id of the app registration">
          <input
            required
            value={fields.clientId}
            placeholder="00000000-0000-4000-8000-000000000000"
            onInput={(event) => {
              set({ clientId: event.currentTarget.value });
            }}
          />
        </Field>
        <Credential
          fields={fields}
          set={set}
          credential={credential}
          setCredential={setCredential}
          data={data}
          place={tenant?.credentialPlace}
        />
        {apis.map((one) => (
          <Api key={one.api} {...one} data={data} fields={fields} set={set} />
        ))}
        <div class="actions">
          <button type="submit" class="primary">
            {tenant === undefined ? 'Add, disabled' : 'Save'}
          </button>
          <button
            type="button"
            onClick={() => {
              run(async () => {
                setNeeded(await call('neededPermissions', { name: name === '' ? 'tenant' : name, fields }));
              });
            }}
          >
            Show permissions
          </button>
        </div>
      </form>
      {error !== undefined && <Fault message={error} />}
      {warnings.map((warning) => (
        <p key={warning} class="warning">
          {warning}
        </p>
      ))}
      {needed && <Permissions needed={needed} />}
      {tenant && (
        <TestAndEnable
          name={tenant.name}
          isEnabled={tenant.isEnabled}
          changed={() => {
            saved(tenant.name);
          }}
        />
      )}
    </article>
  );
}

const Field = ({
  label,
  hint,
  children,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly children: ComponentChildren;
}): JSX.Element => (
  <label class="field">
    <span>
      {label}
      {hint !== undefined && <small class="dim"> {hint}</small>}
    </span>
    {children}
  </label>
);

const kinds = { secret: 'Client secret', certificate: 'Certificate', federated: 'Federated' } as const;

function Credential({
  fields,
  set,
  credential,
  setCredential,
  data,
  place,
}: {
  readonly fields: TenantFields;
  readonly set: (some: Partial<TenantFields>) => void;
  readonly credential: string;
  readonly setCredential: (text: string) => void;
  readonly data: Answer;
  readonly place: string | undefined;
}): JSX.Element {
  return (
    <fieldset>
      <legend>Credential</legend>
      <div class="choices">
        {Object.entries(kinds).map(([kind, title]) => (
          <label key={kind} class="check">
            <input
              type="radio"
              name="kind"
              checked={fields.credential === kind}
              disabled={kind === 'federated' && !data.hasRole}
              onChange={() => {
                set({ credential: kind as TenantFields['credential'] });
              }}
            />{' '}
            {title}
          </label>
        ))}
      </div>
      {fields.credential === 'secret' && (
        <Field
          label="The secret's Value"
          hint={place === undefined ? 'stored where only you can read it, and never shown again' : `it is ${place}; leave empty to keep it`}
        >
          <input
            type="password"
            autocomplete="off"
            value={credential}
            onInput={(event) => {
              setCredential(event.currentTarget.value);
            }}
          />
        </Field>
      )}
      {fields.credential === 'certificate' && (
        <Field
          label="PEM of private key and certificate"
          hint={place === undefined ? 'never shown again' : `it is ${place}; leave empty to keep it`}
        >
          <textarea
            rows={4}
            autocomplete="off"
            spellcheck={false}
            value={credential}
            onInput={(event) => {
              setCredential(event.currentTarget.value);
            }}
          />
        </Field>
      )}
      {fields.credential === 'federated' && (
        <p class="dim">
          Nothing is stored: AWS signs who the functions are. 'lake tenant permissions NAME --aws' prints issuer, subject and audience.
        </p>
      )}
      {!data.hasRole && <p class="dim">Federated needs a role of AWS: open the console with --aws for it.</p>}
    </fieldset>
  );
}

function Api({
  api,
  title,
  field,
  data,
  fields,
  set,
}: (typeof apis)[number] & {
  readonly data: Answer;
  readonly fields: TenantFields;
  readonly set: (some: Partial<TenantFields>) => void;
}): JSX.Element {
  const clouds = data.clouds.filter((cloud) => cloud.api === api);
  const own = data.logTypes.filter((one) => one.api === api);
  const toggle = (id: string, isChosen: boolean): void => {
    set({ logTypes: isChosen ? [...fields.logTypes, id] : fields.logTypes.filter((one) => one !== id) });
  };
  return (
    <fieldset>
      <legend>{title}</legend>
      <Field label="Cloud">
        <select
          value={fields[field] ?? clouds[0]?.id ?? ''}
          onChange={(event) => {
            set({ [field]: event.currentTarget.value });
          }}
        >
          {clouds.map((cloud) => (
            <option key={cloud.id} value={cloud.id}>
              {cloud.title}
            </option>
          ))}
        </select>
      </Field>
      <ul class="logtypes">
        {own.map((one) => (
          <li key={one.id}>
            <label class="check">
              <input
                type="checkbox"
                checked={fields.logTypes.includes(one.id)}
                onChange={(event) => {
                  toggle(one.id, event.currentTarget.checked);
                }}
              />{' '}
              <span>{one.title}</span>
            </label>
            <span class="dim">
              {one.permissions.join(', ')}
              {one.licence === undefined ? '' : ` · needs ${one.licence}`}
            </span>
            {one.retired && <Badge tone="warn">retired</Badge>}
            {one.warning !== undefined && fields.logTypes.includes(one.id) && <span class="warning">{one.warning}</span>}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function Permissions({ needed }: { readonly needed: Needed }): JSX.Element {
  return (
    <Panel title="What an administrator grants">
      {needed.apis.map((api) => (
        <div key={api.title}>
          <h3>{api.title}</h3>
          <ul>
            {api.permissions.map((one) => (
              <li key={one.name}>
                <code>{one.name}</code>
                {one.isOptional && <Badge tone="plain">optional</Badge>}{' '}
                <span class="dim">
                  for {one.logTypes.join(', ')}
                  {one.why === undefined ? '' : `: ${one.why}`}
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <h3>Steps</h3>
      <ol class="steps">
        {needed.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>
        Consent, as an administrator:{' '}
        <a class="consent" href={needed.consentUrl} target="_blank" rel="noopener noreferrer">
          {needed.consentUrl}
        </a>
      </p>
    </Panel>
  );
}

function TestAndEnable({
  name,
  isEnabled,
  changed,
}: {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly changed: () => void;
}): JSX.Element {
  const [tested, setTested] = useState<AnswerOf<'testTenant'>>();
  const [outcome, setOutcome] = useState<string>();
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const run = (work: () => Promise<void>): void => {
    setBusy(true);
    setError(undefined);
    work()
      .catch((reason: unknown) => {
        setError(messageOf(reason));
      })
      .finally(() => {
        setBusy(false);
      });
  };
  const enable = async (): Promise<void> => {
    const { logTypes, waiting } = await call('enableTenant', { name });
    setOutcome(
      logTypes.length === 0
        ? 'No log type passed its test: nothing was changed.'
        : `Enabled: ${logTypes.join(', ')}${waiting.length === 0 ? '' : `. Waiting for their test to pass: ${waiting.join(', ')}`}`,
    );
    changed();
  };
  return (
    <Panel title="Test and enable">
      <div class="actions">
        <button
          type="button"
          disabled={isBusy}
          onClick={() => {
            run(async () => {
              setTested(await call('testTenant', { name }));
            });
          }}
        >
          Test
        </button>
        <button
          type="button"
          class="primary"
          disabled={isBusy}
          onClick={() => {
            run(enable);
          }}
        >
          {isEnabled ? 'Test again, and enable what passes' : 'Enable'}
        </button>
        {isEnabled && (
          <button
            type="button"
            disabled={isBusy}
            onClick={() => {
              run(async () => {
                await call('disableTenant', { name });
                changed();
              });
            }}
          >
            Disable
          </button>
        )}
        {isBusy && (
          <span role="status" class="dim">
            Asking Microsoft…
          </span>
        )}
      </div>
      {error !== undefined && <Fault message={error} />}
      {outcome !== undefined && <p role="status">{outcome}</p>}
      <ul class="tested">
        {tested?.logTypes.map((one) => (
          <li key={one.logType}>
            <Badge tone={one.passed ? 'good' : 'bad'}>{one.passed ? 'ok' : 'failed'}</Badge> <strong>{one.logType}</strong>
            {one.problem !== undefined && (
              <>
                <span> {one.problem}</span>
                <span class="cure">{one.cure}</span>
              </>
            )}
            {one.warnings.map((warning) => (
              <span key={warning} class="warning">
                {warning}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
