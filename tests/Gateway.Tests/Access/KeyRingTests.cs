using Countersign.Gateway.Access;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Gateway.Tests.Ledger;
using Countersign.Protocol.Catalogue;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Tests.Access;

public sealed class KeyRingTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new(Sample.Noon);
    private SqliteLedger ledger = null!;
    private KeyRing ring = null!;

    public ValueTask InitializeAsync()
    {
        ledger = SqliteLedger.Open(folder.File("ledger.db"), time);
        ring = new KeyRing(ledger, time);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await ledger.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Create_Twice_MakesDifferentKeys()
    {
        var (first, second) = (await ring.CreateAsync(new NewKey { Name = "Ann" }), await ring.CreateAsync(new NewKey { Name = "Ann" }));

        Assert.Matches("^cs-[0-9a-z]{8}[0-9A-Za-z]{32}$", first.Text);
        Assert.NotEqual(first.Text[11..], second.Text[11..]);
        Assert.NotEqual(first.Key.Id, second.Key.Id);
    }

    [Fact]
    public async Task List_OfMadeKeys_ShowsAllThatWasSaid()
    {
        var wanted = new NewKey { Name = "Ann", ValidFor = TimeSpan.FromDays(30), Models = ["fast"], Policy = new ModelPolicy { PermissiveLicence = true, Openness = Openness.Fully, Countries = ["CH"] }, Rate = new RateLimit(60), Budget = new Budget(UsdPerDay: 0.25m) };
        await ring.CreateAsync(wanted);

        var key = Assert.Single(ring.List());

        Assert.Equal((wanted.Name, Sample.Noon, Sample.Noon.AddDays(30), null), (key.Name, key.Created, key.Expires, key.Revoked));
        Assert.Equal(["fast"], key.Models);
        Assert.Equal((true, Openness.Fully, null), (key.Policy!.PermissiveLicence, key.Policy.Openness, key.Policy.Vendors));
        Assert.Equal(["CH"], key.Policy.Countries);
        Assert.Equal((wanted.Rate, wanted.Budget), (key.Rate, key.Budget));
    }

    [Fact]
    public async Task Revoke_ByNameOfSeveral_AsksForTheId()
    {
        var made = await ring.CreateAsync(new NewKey { Name = "Ann" });
        await ring.CreateAsync(new NewKey { Name = "Ann" });

        var refused = await Assert.ThrowsAsync<ProblemException>(() => ring.RevokeAsync("Ann"));
        var revoked = await ring.RevokeAsync(made.Key.Id);

        Assert.Contains(made.Key.Id, refused.Message);
        Assert.Equal(Sample.Noon, revoked.Revoked);
        Assert.Single(ring.List(), key => key.Revoked is not null);
        await ring.RevokeAsync("Ann");
        var gone = await Assert.ThrowsAsync<ProblemException>(() => ring.RevokeAsync("Ann"));
        Assert.Equal(ProblemKind.NotFound, gone.Problem.Kind);
    }

    [Fact]
    public async Task Create_WithNonsense_NamesTheParameter()
    {
        await RefusedAsync("name", new NewKey { Name = " " });
        await RefusedAsync("expires", new NewKey { Name = "Ann", ValidFor = TimeSpan.Zero });
        await RefusedAsync("requests_per_minute", new NewKey { Name = "Ann", Rate = new RateLimit(0) });
        await RefusedAsync("tokens_per_minute", new NewKey { Name = "Ann", Rate = new RateLimit(null, -1) });
        await RefusedAsync("usd_per_day", new NewKey { Name = "Ann", Budget = new Budget(0) });
        Assert.Empty(ring.List());
    }

    private async Task RefusedAsync(string param, NewKey wanted) =>
        Assert.Equal(param, (await Assert.ThrowsAsync<ProblemException>(() => ring.CreateAsync(wanted))).Problem.Param);
}
