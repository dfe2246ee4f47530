import type { Store } from './store.ts';

/** The same store; each failed call is told by the name of the method. */
export function observed(store: Store, failed: (op: string) => void): Store {
  const watch =
    <A extends unknown[], R>(op: keyof Store, call: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      call(...args).catch((error: unknown) => {
        failed(op);
        throw error;
      });
  return {
    append: watch('append', store.append),
    offer: watch('offer', store.offer),
    head: watch('head', store.head),
    read: watch('read', store.read),
    readAt: watch('readAt', store.readAt),
    note: watch('note', store.note),
    why: watch('why', store.why),
    story: watch('story', store.story),
    follow: watch('follow', store.follow),
    hold: watch('hold', store.hold),
    held: watch('held', store.held),
    unhold: watch('unhold', store.unhold),
    due: watch('due', store.due),
    join: watch('join', store.join),
    leave: watch('leave', store.leave),
    claim: watch('claim', store.claim),
    unclaim: watch('unclaim', store.unclaim),
    source: watch('source', store.source),
    sources: watch('sources', store.sources),
    saveSource: watch('saveSource', store.saveSource),
    setting: watch('setting', store.setting),
    saveSetting: watch('saveSetting', store.saveSetting),
    addViews: watch('addViews', store.addViews),
    views: watch('views', store.views),
    retain: watch('retain', store.retain),
    close: store.close,
  };
}
