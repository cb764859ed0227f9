using System.Text;
using Countersign.Gateway.Access;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Gateway.Tests.Ledger;
using Countersign.Protocol.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Tests.Access;

public sealed class AccessControlTests : IAsyncLifetime
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

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer  {0} ")]
    [InlineData("x-api-key", "{0}")]
    public async Task Key_InEitherHeader_SaysWhoAsks(string header, string format)
    {
        var wanted = new NewKey { Name = "Ann", IsAdmin = true, Models = ["fast", "strong"], Rate = new RateLimit(60, 9000), Budget = new Budget(1.5m, 20m, 300m) };
        var made = await ring.CreateAsync(wanted);
        using var access = Access();

        var caller = access.Authenticate(Headers(header, string.Format(format, made.Text)));

        Assert.Equal((made.Key.Id, "Ann", true), (caller.Id, caller.Name, caller.IsAdmin));
        Assert.Equal((wanted.Rate, wanted.Budget), (caller.Rate, caller.Budget));
        Assert.True(caller.MayUse("fast"));
        var refused = Assert.Throws<ProblemException>(() => caller.EnsureMayUse("dear")).Problem;
        Assert.Equal((ProblemKind.Forbidden, "model"), (refused.Kind, refused.Param));
        Assert.Contains("fast, strong", refused.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic YWJj")]
    [InlineData("Bearer sk-1234")]
    [InlineData("Bearer cs-")]
    [InlineData("Bearer cs-ééééééééééééééééééééééééééééééééééééééé€")]
    public async Task Key_MissingOrMalformed_IsUnauthenticated(string authorization)
    {
        await ring.CreateAsync(new NewKey { Name = "Ann" });
        using var access = Access();

        Assert.Equal(ProblemKind.Unauthenticated, Refused(access, authorization).Kind);
    }

    [Fact]
    public async Task Key_WithOneCharacterChanged_IsUnknown()
    {
        var made = await ring.CreateAsync(new NewKey { Name = "Ann" });
        using var access = Access();

        for (int i = 0; i < made.Text.Length; i++)
        {
            var wrong = new StringBuilder(made.Text) { [i] = made.Text[i] == 'x' ? 'y' : 'x' };
            Assert.Equal("invalid_api_key", Refused(access, $"Bearer {wrong}").Code);
        }
    }

    [Fact]
    public async Task Key_PastItsExpiry_IsRefusedByName()
    {
        var made = await ring.CreateAsync(new NewKey { Name = "Ann", ValidFor = TimeSpan.FromDays(1) });
        using var access = Access();
        Assert.Equal("Ann", access.Authenticate(Headers("x-api-key", made.Text)).Name);

        time.Advance(TimeSpan.FromDays(1));

        Assert.Contains("'Ann' expired on 2026-03-15", Refused(access, $"Bearer {made.Text}").Message);
    }

    [Fact]
    public async Task Key_RevokedByAnotherProcess_IsRefusedAfterTheNextRenewal()
    {
        var made = await ring.CreateAsync(new NewKey { Name = "Ann" });
        using var access = Access();
        await using (var other = SqliteLedger.Open(ledger.Path, time)) await new KeyRing(other, time).RevokeAsync("Ann");
        Assert.Equal("Ann", access.Authenticate(Headers("x-api-key", made.Text)).Name);

        access.Renew();

        Assert.Contains("revoked", Refused(access, $"Bearer {made.Text}").Message);
    }

    [Fact]
    public async Task Server_OnLoopback_NeedsAKeyOnceOneWasMade()
    {
        using var access = Access();
        Assert.Same(Caller.Local, access.Authenticate(Headers("Authorization", "Bearer anything")));

        await ring.CreateAsync(new NewKey { Name = "Ann" });
        await ring.RevokeAsync("Ann");
        access.Renew();

        Assert.Equal("missing_api_key", Refused(access, "").Code);
    }

    [Fact]
    public void Server_BeyondLoopback_NeedsAKeyAlways()
    {
        using var access = new AccessControl(ledger, isLoopback: false, time);

        Assert.Contains("countersign keys create", Refused(access, "").Message);
    }

    [Fact]
    public async Task File_HoldsNoKey()
    {
        var made = await ring.CreateAsync(new NewKey { Name = "Ann" });
        await ledger.DisposeAsync();

        string bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(ledger.Path, TestContext.Current.CancellationToken));

        Assert.Contains("Ann", bytes);
        Assert.DoesNotContain(made.Text[11..], bytes);
        ledger = SqliteLedger.Open(ledger.Path, time);
    }

    private AccessControl Access() => new(ledger, isLoopback: true, time);

    private static HeaderDictionary Headers(string name, string value) => new() { [name] = value };

    private static Problem Refused(AccessControl access, string authorization)
    {
        var problem = Assert.Throws<ProblemException>(() => access.Authenticate(Headers("Authorization", authorization))).Problem;
        Assert.Equal(ProblemKind.Unauthenticated, problem.Kind);
        return problem;
    }
}
