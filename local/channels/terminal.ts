/** A line a finding, for who watches. */

import type { Channel } from '../../shared/notifications/channel.ts';
import { countsByRule, type Message } from '../../shared/notifications/message.ts';
import { aboutWhom, minute, oneLine } from '../../shared/notifications/plain-text.ts';

/** @param print Writes a line that stays. */
export function openTerminal(print: (line: string) => void): Channel {
  return {
    id: 'terminal',
    form: 'digest',
    send: (message) => {
      print(terminalLine(message));
      return Promise.resolve({ kind: 'taken' });
    },
  };
}

/** @example '2026-11-20 09:14 high: One address fails with the passwords of many users: 203.0.113.7 (contoso) 9b1d4b3a' */
function terminalLine(message: Message): string {
  if (message.kind === 'digest') {
    const rules = countsByRule(message.findings).map(({ level, title, count }) => `  ${level}: ${oneLine(title)}: ${String(count)}`);
    return [`${String(message.findings.length)} findings (lake findings):`, ...rules].join('\n');
  }
  const { finding } = message;
  const whom = oneLine(aboutWhom(finding));
  const about = whom === '' ? '' : `: ${whom}`;
  return `${minute(finding.lastTime)} ${finding.level}: ${oneLine(finding.title)}${about} (${finding.tenantName}) ${finding.id.slice(0, 8)}`;
}
