using System.Globalization;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Cascade.Validators;
using Countersign.Gateway.Access;
using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Sqlite;

// The process that LedgerLawTests kills: settles requests as fast as it can from eight tasks, and prints the id of each only after its commit, as a gateway
// sends an answer's last byte. Arguments: the ledger's file, a prefix for the ids, and how many to settle (left out: until killed).
string path = args[0], prefix = args[1];
int most = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : int.MaxValue;
await using var ledger = SqliteLedger.Open(path, TimeProvider.System);
var caller = new Caller { Id = "key_victim", Name = "victim" };
int last = 0;
await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(SettleAsync)));

async Task SettleAsync()
{
    for (int number; (number = Interlocked.Increment(ref last)) <= most;)
    {
        string id = $"{prefix}-{number}";
        ledger.Settle(Escalated(id));
        lock (ledger) Console.Out.WriteLine(id);
    }
}

FinishedRequest Escalated(string id)
{
    var now = TimeProvider.System.GetUtcNow();
    var trace = new RequestTrace { End = CascadeEnd.Accepted, Accepted = true };
    trace.Open(new AttemptRecord { Deployment = "drafter", Purpose = AttemptPurpose.Draft, Started = now, Status = AttemptStatus.Completed, Cost = Cost.Of(0.0001m) });
    trace.Add(new VerdictRecord(1, "quotes", Verdict.Reject(new Finding("The vendor is not in the text.")), TimeSpan.FromMilliseconds(1)));
    trace.Winner = trace.Open(new AttemptRecord { Deployment = "strong", Purpose = AttemptPurpose.Escalation, Stage = 1, Started = now, Status = AttemptStatus.Completed, Cost = Cost.Of(0.0009m) });
    trace.Add(new VerdictRecord(2, "quotes", Verdict.AcceptWith(1), TimeSpan.FromMilliseconds(1)));
    return new FinishedRequest { Id = id, Caller = caller, Model = "invoice", Route = "invoice", Started = now, Duration = TimeSpan.FromMilliseconds(5), Status = 200, Trace = trace };
}
