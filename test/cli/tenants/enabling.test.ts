import { describe, expect, test } from '@jest/globals';
import type { CheckedLogType } from '../../../lambdas/check/checked-tenant.ts';
import { enabled } from '../../../cli/tenants/enabling.ts';

const problem = { code: 'AF10001', message: 'no', cure: 'grant it', needs: 'person' } as const;
const passed = (logType: string): CheckedLogType => ({ logType, cloud: 'enterprise', warnings: [] });
const failed = (logType: string): CheckedLogType => ({ ...passed(logType), problem });

const exchange = { cloud: 'enterprise', logTypes: ['audit-exchange', 'dlp-all'] };
const off = { enabled: false, note: 'kept', managementActivity: exchange, graph: { cloud: 'global', logTypes: ['alerts'] } };

describe('enabling', () => {
  test('switches on what passed; what failed waits', () => {
    expect(enabled(off, [passed('audit-exchange'), failed('dlp-all'), failed('alerts')])).toEqual({
      config: {
        enabled: true,
        note: 'kept',
        managementActivity: { cloud: 'enterprise', logTypes: ['audit-exchange'], waiting: ['dlp-all'] },
        graph: { cloud: 'global', logTypes: [], waiting: ['alerts'] },
      },
      logTypes: ['audit-exchange'],
      waiting: ['dlp-all', 'alerts'],
    });
  });

  test('changes nothing when nothing passed', () => {
    const nothing = enabled(off, [failed('audit-exchange'), failed('dlp-all'), failed('alerts')]);
    expect(nothing).toEqual({ logTypes: [], waiting: ['audit-exchange', 'dlp-all', 'alerts'] });
  });

  test('switches everything on when somebody insists', () => {
    expect(enabled(off, 'anyway').config).toEqual({ ...off, enabled: true });
  });

  test('never stops what is collected already, and takes up what waited and passes now', () => {
    const on = { ...off, enabled: true, graph: { cloud: 'global', logTypes: [], waiting: ['alerts', 'directory-audits'] } };
    const now = enabled(on, [failed('audit-exchange'), failed('dlp-all'), passed('alerts'), failed('directory-audits')]);
    expect(now.logTypes).toEqual(['audit-exchange', 'dlp-all', 'alerts']);
    expect(now.config?.graph).toEqual({ cloud: 'global', logTypes: ['alerts'], waiting: ['directory-audits'] });
  });

  test('has no opinion on a log type that was not tested: it waits', () => {
    expect(enabled(off, [passed('audit-exchange')]).waiting).toEqual(['dlp-all', 'alerts']);
  });
});
