/** An AWS client that answers by script: each call gets the next answer, the last one for ever. An error is thrown. */

export interface FakeClient<Client> {
  readonly client: Client;
  /** The input of every command sent. */
  readonly sent: readonly Readonly<Record<string, unknown>>[];
}

export function fakeClient<Client>(...answers: readonly unknown[]): FakeClient<Client> {
  const sent: Readonly<Record<string, unknown>>[] = [];
  const client = {
    config: {},
    send: ({ input }: { readonly input: Readonly<Record<string, unknown>> }): Promise<unknown> => {
      const answer = answers[Math.min(sent.length, answers.length - 1)];
      sent.push(input);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? {});
    },
  };
  return { client: client as Client, sent };
}
