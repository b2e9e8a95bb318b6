package org.liftgrad.flow;
import java.util.*;
import org.liftgrad.shallow.*;
public final class ScratchTwo {
  public static void main(String[] args) throws Exception {
    long s=Long.parseLong(args[0]); int j=Integer.parseInt(args[1]);
    RandomInstance in=RandomInstance.of(s); ShallowNetwork net=in.network(); FlowProblem pr=new FlowProblem(net); int n=pr.points;
    System.out.println("gram "+Arrays.toString(pr.gram));
    double[] ts=new double[21]; for(int k=0;k<21;k++) ts[k]=in.time()*k/20;
    List<Observer> ob=new ArrayList<>(); for(int i=0;i<n;i++){int ii=i; ob.add(Observer.value("u"+i,q->q.preactivation(j,ii))); ob.add(Observer.value("m"+i,q->q.mode(j,ii).ordinal())); ob.add(Observer.value("r"+i,q->q.residual(ii)));} ob.add(Observer.readout(j));
    Recorder a=new Recorder(pr,ob,ts,0), b=new Recorder(pr,ob,ts,0);
    new ExactIntegrator(pr,1e-12).run(a,in.time(),200000);
    new SweepIntegrator(pr,RowSpace.of(pr,net).get(),4,2e-8,1e-9).run(b,in.time(),200000);
    for(int k=0;k<a.rows().size();k++){ System.out.println("E "+f(a.rows().get(k))); System.out.println("S "+f(b.rows().get(k))); }
  }
  static String f(double[] r){StringBuilder b=new StringBuilder(); for(double v:r) b.append(String.format("%.5g ",v)); return b.toString();}
}
