/** A chance with its bounds on a scale of 0 to 10 in 10; the words beside it say the same. */
export function Interval({ at, low, high }: { at: number | null; low: number | null; high: number | null }) {
  if (at === null || low === null || high === null) return null;
  const x = (p: number) => 2 + p * 96;
  return (
    <svg class="interval" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="rail" x="2" y="4.4" width="96" height="1.2" />
      <rect class="span" x={x(low)} y="3" width={Math.max(1, x(high) - x(low))} height="4" rx="1" />
      <rect class="dot" x={x(at) - 1.2} y="0.5" width="2.4" height="9" rx="0.8" />
    </svg>
  );
}
